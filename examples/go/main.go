// Attributes one article: QUOTH_SERVER=127.0.0.1:50051 go run . article.txt
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"strings"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/status"

	quothv1 "quoth/v1"
)

func main() {
	address := os.Getenv("QUOTH_SERVER")
	if address == "" {
		address = "127.0.0.1:50051"
	}
	text, err := os.ReadFile(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	// The older names, which every grpc-go 1.x has; from 1.63 on there is grpc.NewClient with
	// grpc.WithTransportCredentials(insecure.NewCredentials()).
	connection, err := grpc.Dial(address, grpc.WithInsecure())
	if err != nil {
		log.Fatal(err)
	}
	defer connection.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	body := string(text)
	answer, err := quothv1.NewAttributionServiceClient(connection).AttributeQuotes(ctx,
		&quothv1.AttributeQuotesRequest{
			Article: &quothv1.Article{Body: body},
			// Go's strings are bytes of UTF-8, so body[start:end] is the span's text.
			Options: &quothv1.AttributionOptions{
				OffsetEncoding: quothv1.OffsetEncoding_OFFSET_ENCODING_UTF8,
			},
		})
	if err != nil {
		explain(err)
		os.Exit(1)
	}
	names := map[string]string{}
	for _, speaker := range answer.Speakers {
		names[speaker.SpeakerId] = speaker.DisplayName
	}
	for _, statement := range answer.Statements {
		var words []string
		for _, span := range statement.ContentSpans {
			words = append(words, body[span.StartOffset:span.EndOffset])
		}
		name, known := names[statement.GetSpeaker().GetSpeakerId()]
		if !known {
			name = "unknown"
		}
		fmt.Printf("%s: %s\n", name, strings.Join(words, " […] "))
	}
}

// explain tells what an error says: its reason, and every bad field.
func explain(err error) {
	problem := status.Convert(err)
	reason := problem.Code().String()
	for _, detail := range problem.Details() {
		switch detail := detail.(type) {
		case *errdetails.ErrorInfo:
			reason = detail.Reason
		case *errdetails.BadRequest:
			for _, violation := range detail.FieldViolations {
				fmt.Fprintf(os.Stderr, "  %s: %s\n", violation.Field, violation.Description)
			}
		}
	}
	fmt.Fprintf(os.Stderr, "%s: %s\n", reason, problem.Message())
}
