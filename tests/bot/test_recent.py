from bot.recent import Recent


def test_what_was_used_longest_ago_goes_first():
    kept = Recent(2)
    kept.put("an", 1)
    kept.put("bình", 2)

    kept.get("an")
    kept.put("chi", 3)

    assert kept.kept() == ["an", "chi"]
    assert kept.get("bình") is None


def test_putting_again_is_a_use_and_takes_no_more_room():
    kept = Recent(2)
    kept.put("an", 1)
    kept.put("bình", 2)

    kept.put("an", 3)
    kept.put("chi", 4)

    assert (kept.get("an"), kept.kept()) == (3, ["chi", "an"])


def test_what_is_dropped_is_gone_and_dropping_nothing_is_no_fault():
    kept = Recent(2)
    kept.put("an", 1)

    kept.drop("an")
    kept.drop("an")

    assert kept.kept() == []
