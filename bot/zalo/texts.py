"""What the bot says in Zalo otherwise than elsewhere: there are numbers to write, no buttons to press."""

from bot.messenger.texts import HELP_ASKING, HELP_COMMANDS

TRY = "\n\nThử một câu (mọi việc tôi làm được: /help):"
HELP = f"""{HELP_ASKING}
Cuối câu trả lời ghi số để xem nguyên văn, câu liên quan, và 👍 👎 để thầy cô chấm: chỉ cần nhắn lại đúng số ấy. \
Các số có giá trị cho câu trả lời gần nhất, trong 24 giờ. “sau”, “trước” để sang trang.
{HELP_COMMANDS}
Gõ không có dấu / cũng được, khi cả tin chỉ là tên lệnh."""
GROUP = "\n\nTrong nhóm: nhắc tên tôi kèm câu hỏi."
PRIVATE_ONLY = "Việc này chỉ làm được khi nhắn riêng cho tôi."
NO_CHOICE = "Câu trả lời gần nhất không có lựa chọn “{key}”, hoặc đã quá 24 giờ. Thầy cô hỏi lại giúp nhé."
STALE = "Lựa chọn này đã cũ. Thầy cô hỏi lại giúp nhé."
ABOUT = "Về câu “{words}”:\n\n"
NEXT = "\n\nTin tiếp theo của thầy cô sẽ được ghi lại. Trả lời 0 nếu thôi."
CANCELLED = "Vâng, tôi không ghi gì."

REMINDERS_OA = "Nhắc hạn qua Official Account có giới hạn."
REMINDERS_OA_BODY = (
    "\nZalo chỉ cho nhắn miễn phí trong {hours:.0f} giờ kể từ tin gần nhất của thầy cô, nhiều nhất {replies} tin. "
    "Ngoài lúc đó tôi không nhắc được; lời nhắc bị lỡ sẽ tới sau khi thầy cô nhắn lại, nếu hạn chưa qua.\n\n"
    "Vẫn muốn bật: nhắn “/nhac bat”. Tắt: “/nhac tat”."
)
