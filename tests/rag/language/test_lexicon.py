"""The word lists that ship with the code."""

from rag.language.lexicon import (
    chat_abbreviations,
    function_words,
    light_mask,
    longest_synonym,
    stop_phrases,
    synonyms,
    topic_mask,
)
from rag.language.text import abbreviations, canonical, folded


def exact(text):
    return [canonical(word) for word in text.split()]


def test_every_abbreviation_that_teachers_type_is_known():
    short = abbreviations().keys() | chat_abbreviations().keys()

    assert {"gv", "hs", "bc", "sdt", "cntt", "cđs", "csdl", "gddt", "thpt", "ko", "đc", "lv"} <= short


def test_an_abbreviation_stands_in_one_of_the_two_tables():
    assert abbreviations().keys() & chat_abbreviations().keys() == set()


def test_no_abbreviation_is_empty_or_means_itself():
    pairs = [*abbreviations().items(), *((short, " ".join(long)) for short, long in chat_abbreviations().items())]

    assert pairs
    assert not [short for short, long in pairs if not long.strip() or long == short]


def test_topic_words_are_what_stop_words_leave():
    tokens = exact("hạn nộp báo cáo là khi nào")
    mask = topic_mask(tokens, [True] * len(tokens), [False] * len(tokens))

    kept = [token for token, topic in zip(tokens, mask, strict=True) if topic]

    assert {canonical("báo"), canonical("cáo")} <= set(kept)
    assert not {canonical("là"), canonical("khi"), canonical("nào")} & set(kept)


def test_half_of_a_topic_word_is_no_stop_word():
    tokens = exact("thi tốt nghiệp")

    assert topic_mask(tokens, [False, True, True], [True, True, True])[0]
    assert not topic_mask(tokens, [False, True, True], [False, True, True])[0]  # alone, "thi" may be "thì"


def test_everyday_words_weigh_little_unless_they_are_half_of_a_topic_word():
    tokens = exact("năm học")

    assert all(light_mask(tokens, [True, True], [False, False]))
    assert not all(light_mask(exact("năm"), [True], [True]))


def test_synonyms_lead_from_what_people_say_to_what_documents_say():
    assert ("ho", "ba", "so") not in synonyms()
    assert synonyms()[tuple(map(folded, exact("học bạ điện tử")))] == (("hoc", "ba", "so"),)
    assert longest_synonym() == max(map(len, synonyms()))


def test_a_lone_synonym_keeps_its_marks():
    single = [phrase[0] for phrase in synonyms() if len(phrase) == 1]

    assert all(folded(word) == word or word == canonical(word) for word in single)


def test_the_lists_hold_what_they_are_for():
    assert tuple(exact("bao giờ")) in stop_phrases()
    assert "nao" in function_words()
