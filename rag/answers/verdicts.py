"""The words in which an answer says at once whether what was supposed is so, or whether it is in time.

A page shows them large, so they stand here for who writes answers and for who shows them.
"""

from __future__ import annotations

RIGHT = "Đúng."
NO = "Không."
NOT_THE_DAY = "Không phải ngày thầy cô nêu."
NOT_THE_NUMBER = "Không phải số thầy cô nêu."
NOT_THE_ADDRESS = "Không phải địa chỉ thầy cô nêu."
SUPPOSED = (RIGHT, NOT_THE_DAY, NOT_THE_NUMBER, NOT_THE_ADDRESS, NO)
"""What an answer says of something that the question takes for granted."""

TOO_LATE = "Không kịp"
IN_TIME = "Kịp"
NOT_OVER = "Chưa quá hạn"
OVER = "Đã quá hạn"
NOT_BEGUN = "Chưa đến đợt"
ENDED = "Đã hết hạn"
LAST_DAY = "Hôm nay là ngày cuối"
RECKONED = (TOO_LATE, IN_TIME, NOT_OVER, OVER, NOT_BEGUN, ENDED, LAST_DAY)
"""What an answer says of time, before a colon or a point."""
UNTIL = "là đến ngày"
"""What stands between how many days are left and the day."""
