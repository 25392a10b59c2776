"""Texts in other languages are refused; English ones, however short or odd, are not."""

from __future__ import annotations

import pickle

import pytest

from quoth_server.engine import language
from quoth_server.engine.errors import UnsupportedLanguage


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("de", "Der Hafen wurde am Montag nach zwei Wochen Bauzeit wieder geöffnet."),
        ("fr", "Le port a rouvert lundi après deux semaines de travaux, selon la mairie."),
        ("es", "El puerto reabrió el lunes tras dos semanas de obras, dijo la alcaldesa."),
        ("it", "Il porto ha riaperto lunedì dopo due settimane di lavori."),
        ("pt", "O porto reabriu na segunda-feira após duas semanas de obras."),
        ("nl", "De haven is maandag na twee weken werk weer opengegaan."),
        ("sv", "Hamnen öppnade igen i måndags efter två veckors arbete."),
        ("pl", "Port otwarto ponownie w poniedziałek po dwóch tygodniach prac."),
        ("tr", "Liman iki haftalık çalışmanın ardından pazartesi günü yeniden açıldı."),
        ("id", "Pelabuhan dibuka kembali pada hari Senin setelah dua minggu perbaikan."),
        ("ru", "Порт вновь открылся в понедельник после двух недель работ."),
        ("uk", "Порт знову відкрили в понеділок після двох тижнів робіт."),
        ("ar", "أعيد فتح الميناء يوم الاثنين بعد أسبوعين من الأعمال."),
        ("zh", "港口在两周的施工后于周一重新开放，市长对此表示欢迎并感谢工人。"),
        ("ja", "港は2週間の工事を経て月曜日に再開した。"),
        ("hi", "दो सप्ताह के काम के बाद सोमवार को बंदरगाह फिर से खुल गया।"),
        ("fi", "Satama avattiin uudelleen maanantaina kahden viikon töiden jälkeen."),
        ("vi", "Cảng đã mở cửa trở lại vào thứ Hai sau hai tuần sửa chữa."),
    ],
)
def test_other_languages_are_refused(code: str, text: str) -> None:
    with pytest.raises(UnsupportedLanguage, match=code) as caught:
        language.check(text)
    assert caught.value.language == code


@pytest.mark.parametrize(
    "text",
    [
        "",
        "…",
        "“” ‘’ — !",
        "12 345 678 901 234 567 890",
        "😀" * 100,
        "\x00" * 100,
        "said",
        "No.",
        "Ana Ruiz, Shah Mehmood Qureshi, Zbigniew Brzezinski and Jürgen Müller spoke.",
        "“Ich bin müde,” Weiss said in German after the vote in Berlin on Monday.",
        "HARBOR REOPENS AFTER TWO WEEKS",
        "Roads unsafe, auditors say",
        "Q: Will you stand? A: Not this year.",
        "Nguyễn Phú Trọng said Tô Lâm and Võ Văn Thưởng met Lê Đức Anh.",
        "Þórdís Kolbrún Reykfjörð Gylfadóttir said so.",
        "Łódź, Kraków, Wrocław, Poznań, Gdańsk, Szczecin",
        "Mohammad Javad Zarif met Qamar Javed Bajwa in Rawalpindi.",
        "Dat's a fact, suh; dey ain't gwine home.",
    ],
)
def test_english_and_wordless_texts_pass(text: str) -> None:
    language.check(text)


def test_the_error_survives_the_way_to_another_process() -> None:
    error = pickle.loads(pickle.dumps(UnsupportedLanguage("de")))
    assert error.language == "de"
    assert str(error) == str(UnsupportedLanguage("de"))
