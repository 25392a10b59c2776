import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.Status;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import quoth.v1.Article;
import quoth.v1.AttributeQuotesRequest;
import quoth.v1.AttributeQuotesResponse;
import quoth.v1.AttributionOptions;
import quoth.v1.AttributionServiceGrpc;
import quoth.v1.OffsetEncoding;
import quoth.v1.Speaker;

/** Attributes one article: java AttributeArticle article.txt, with QUOTH_SERVER as the address. */
public final class AttributeArticle {
  public static void main(String[] arguments) throws IOException {
    String address = System.getenv().getOrDefault("QUOTH_SERVER", "127.0.0.1:50051");
    String body = Files.readString(Path.of(arguments[0]));
    ManagedChannel channel = ManagedChannelBuilder.forTarget(address).usePlaintext().build();
    try {
      show(body, attribute(channel, body));
    } catch (StatusRuntimeException error) {
      explain(error);
      System.exit(1);
    } finally {
      channel.shutdown();
    }
  }

  private static AttributeQuotesResponse attribute(ManagedChannel channel, String body) {
    // Java's strings are UTF-16, so body.substring(start, end) is the span's text.
    AttributionOptions options =
        AttributionOptions.newBuilder()
            .setOffsetEncoding(OffsetEncoding.OFFSET_ENCODING_UTF16)
            .build();
    return AttributionServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(30, TimeUnit.SECONDS)
        .attributeQuotes(
            AttributeQuotesRequest.newBuilder()
                .setArticle(Article.newBuilder().setBody(body))
                .setOptions(options)
                .build());
  }

  private static void show(String body, AttributeQuotesResponse answer) {
    Map<String, String> names =
        answer.getSpeakersList().stream()
            .collect(Collectors.toMap(Speaker::getSpeakerId, Speaker::getDisplayName));
    answer
        .getStatementsList()
        .forEach(
            statement -> {
              String words =
                  statement.getContentSpansList().stream()
                      .map(span -> body.substring(span.getStartOffset(), span.getEndOffset()))
                      .collect(Collectors.joining(" […] "));
              String speaker = statement.getSpeaker().getSpeakerId();
              System.out.println(names.getOrDefault(speaker, "unknown") + ": " + words);
            });
  }

  /** Tells what an error says: its reason, and every bad field. */
  private static void explain(StatusRuntimeException error) throws IOException {
    Status status = StatusProto.fromThrowable(error);
    String reason = error.getStatus().getCode().name();
    for (com.google.protobuf.Any detail : status.getDetailsList()) {
      if (detail.is(ErrorInfo.class)) {
        reason = detail.unpack(ErrorInfo.class).getReason();
      } else if (detail.is(BadRequest.class)) {
        detail
            .unpack(BadRequest.class)
            .getFieldViolationsList()
            .forEach(bad -> System.err.println("  " + bad.getField() + ": " + bad.getDescription()));
      }
    }
    System.err.println(reason + ": " + status.getMessage());
  }
}
