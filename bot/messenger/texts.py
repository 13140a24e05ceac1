"""What the bot says besides answers, and the names of its commands."""

COMMANDS = {
    "han": "Các thời hạn sắp tới",
    "lienhe": "Đầu mối liên hệ",
    "vanban": "Các văn bản đang có",
    "quytrinh": "Hướng dẫn trên phần mềm",
    "hoi": "Đặt câu hỏi (dùng trong nhóm)",
    "moi": "Bắt đầu hội thoại mới",
    "toi": "Cho biết thầy cô thuộc đơn vị nào",
    "nhac": "Nhắc khi sắp đến hạn",
    "gopy": "Gửi góp ý cho quản trị viên",
    "xoa": "Xóa dữ liệu của tôi",
    "help": "Hướng dẫn sử dụng",
}
IN_GROUPS = ("hoi", "han", "lienhe", "vanban", "quytrinh", "moi", "gopy", "help")
"""The commands that are no matter of one person's."""

WELCOME = "Chào thầy cô! Tôi là Tra Cứu."
WELCOME_BODY = (
    "\nTôi trả lời câu hỏi về văn bản chỉ đạo của ngành giáo dục và luôn dẫn nguồn. "
    "Thầy cô cứ nhắn câu hỏi như nói chuyện, có dấu hay không dấu đều được."
)
GROUP_WELCOME = (
    "Chào các thầy cô! Tôi là Tra Cứu: tôi trả lời câu hỏi về văn bản chỉ đạo của ngành giáo dục và luôn dẫn nguồn.\n"
    "Hỏi tôi: gõ /hoi kèm câu hỏi, nhắc @{name}, hoặc trả lời tin của tôi. Các tin khác trong nhóm tôi bỏ qua."
)
TO_WHOM = "Gửi thầy cô"
TRY = "\n\nThử một câu dưới đây (mọi việc tôi làm được: /help):"
HELP_ASKING = """
Cứ nhắn câu hỏi, ví dụ: “bao giờ nộp báo cáo sơ kết?”, “gọi ai khi lỗi phần mềm?”. Hỏi tiếp được: “còn trường mầm non?”.
"""
HELP_COMMANDS = """
/han – thời hạn sắp tới
/lienhe – đầu mối liên hệ
/vanban – các văn bản đang có
/quytrinh – hướng dẫn trên phần mềm
/toi – chọn đơn vị, để câu trả lời đúng với thầy cô
/nhac – nhắc trước hạn 7, 3, 1 ngày và đúng ngày (/nhac tat để tắt)
/moi – bắt đầu hội thoại mới
/gopy – góp ý
/xoa – xóa mọi dữ liệu về thầy cô"""
HELP = f"""{HELP_ASKING}
Dưới mỗi câu trả lời có nút xem nguyên văn, câu liên quan và 👍 👎 để thầy cô chấm.
Khi chưa chắc, tôi nêu vài chỗ gần nhất; chọn “Đúng: mục …” để báo chỗ cần tìm, hoặc gửi câu ấy cho quản trị viên.
{HELP_COMMANDS}

Trong nhóm: nhắc tên @{{name}}, trả lời tin của tôi, hoặc gõ /hoi kèm câu hỏi. Ở bất cứ đâu: gõ @{{name}} rồi câu hỏi để chèn trích dẫn."""

NEW = "Đã bắt đầu hội thoại mới. Mời thầy cô hỏi."
WHO_ARE_YOU = "Thầy cô thuộc đơn vị nào?"
WHO_ARE_YOU_BODY = "\nKhi câu hỏi không nói rõ, tôi sẽ trả lời theo đơn vị này."
ROLE_NOW = "\n\nĐang chọn: {role}."
ROLE_SET = "Đã ghi nhận: {role}."
ROLE_SET_BODY = "\nTừ nay tôi trả lời và liệt kê thời hạn theo đơn vị này. Đổi lúc nào cũng được: /toi"
ROLE_CLEARED = "Đã bỏ chọn đơn vị."
NO_ROLE = "Không chọn đơn vị nào"

REMINDERS_ARE_ON = "Nhắc hạn đang bật, từ ngày {since}."
REMINDERS_ARE_OFF = "Nhắc hạn đang tắt."
REMINDERS_WHAT = "\nGiờ nhắn: {time}, trước mỗi hạn 7, 3, 1 ngày và đúng ngày đến hạn."
REMINDERS_FOR_ROLE = "\nĐơn vị: {role} (đổi: /toi)."
REMINDERS_FOR_ALL = "\nThầy cô chưa chọn đơn vị nên tôi nhắc mọi hạn. Chọn: /toi"
REMINDERS_NEXT = "\n\nLần nhắc tới: ngày {day}, về hạn\n"
REMINDERS_NONE = "\n\nHiện chưa có hạn nào sắp tới."
REMINDERS_STOPPED = "\n\nNhắc hạn của thầy cô đã tắt từ khi thầy cô ngừng nhận tin của tôi. Bật lại bằng lựa chọn dưới đây hoặc lệnh /nhac."
TURN_ON = "Bật nhắc hạn"
TURN_ON_AGAIN = "Bật lại nhắc hạn"
TURN_OFF = "Tắt nhắc hạn"
REMINDER = "⏰ Nhắc hạn"

DELETE_SURE = "Xóa mọi dữ liệu về thầy cô?"
DELETE_SURE_BODY = "\nGồm: đơn vị đã chọn, nhắc hạn, hội thoại, câu đã hỏi, đánh giá và góp ý."
DELETED = "Đã xóa mọi dữ liệu về thầy cô."
KEPT = "Không xóa gì."
YES_DELETE = "Xóa hết"
NO_DELETE = "Thôi"

SUGGEST = "Thầy cô muốn góp ý điều gì? Hãy trả lời tin này."
SUGGEST_HINT = "Góp ý của thầy cô"
REASON = "Câu trả lời cho “{question}” chưa đúng ở đâu? Hãy trả lời tin này."
REASON_HINT = "Chưa đúng ở chỗ…"
THANKS = "Cảm ơn thầy cô đã góp ý. Quản trị viên sẽ đọc."
THANKS_UP = "Cảm ơn thầy cô!"
THANKS_DOWN = "Cảm ơn thầy cô. Câu trả lời chưa đúng ở đâu?"
SEND_TO_ADMIN = "Gửi câu này cho quản trị viên"
SENT_TO_ADMIN = "Đã gửi. Cảm ơn thầy cô! Quản trị viên sẽ xem câu này để bổ sung."
TO_CALENDAR = "Thêm vào lịch"
CALENDAR = "Các thời hạn trên, dạng lịch: mở tệp này để thêm vào lịch của máy."
NO_CALENDAR = "Hiện không có hạn nào để thêm vào lịch."
MEANT = "Cảm ơn thầy cô. Nội dung ở tin dưới đây."
REASONS = {"s": "Sai nội dung", "t": "Thiếu", "k": "Không đúng câu hỏi", "h": "Khó hiểu"}
OTHER_REASON = "Viết lý do…"
SKIP_REASON = "Bỏ qua"

NO_QUESTION = "Thầy cô muốn hỏi điều gì? Gõ câu hỏi ngay sau tên tôi hoặc sau lệnh, ví dụ: /hoi hạn nộp báo cáo sơ kết?"
UNKNOWN_COMMAND = "Tôi không có lệnh này. Xem các lệnh: /help. Hoặc thầy cô cứ nhắn câu hỏi."
PRIVATE_ONLY = "{what} chỉ làm được khi nhắn riêng cho tôi: https://t.me/{name}"
TOO_FAST = "Thầy cô hỏi nhanh quá, tôi chưa theo kịp. Xin đợi khoảng một phút rồi hỏi tiếp nhé."
TROUBLE = "Xin lỗi, tôi đang gặp trục trặc nên chưa trả lời được. Thầy cô thử lại sau ít phút nhé."
STALE = "Lựa chọn này đã cũ nên không dùng được nữa. Thầy cô gửi lại câu hỏi hoặc gõ lại lệnh (như /han, /vanban) để có lựa chọn mới."
HIDE = "Ẩn tin này"
HIDDEN = "Đã ẩn. Câu trả lời trích nguồn vẫn ở trên."
TOO_OLD_TO_HIDE = "Tin này đã quá 48 giờ nên Telegram không cho bot xóa nữa. Thầy cô tự xóa được: giữ tin rồi chọn Xóa."
GONE = "Mục này không còn trong bản văn bản hiện nay. Thầy cô hỏi lại giúp nhé."
NO_RELATED = "Không có nội dung nào gần với câu này."

MEDIA = {
    "voice": "Tôi chưa nghe được tin thoại. Thầy cô gõ câu hỏi thành chữ giúp tôi nhé.",
    "picture": "Tôi chưa đọc được hình. Thầy cô gõ câu hỏi thành chữ giúp tôi nhé.",
    "sticker": "😊 Thầy cô cần tra cứu điều gì, cứ nhắn nhé.",
    "file": (
        "Tôi chưa đọc được tệp gửi qua đây. Muốn đưa văn bản này vào kho tra cứu, thầy cô chuyển tệp cho quản trị viên. "
        "Còn câu hỏi thì thầy cô cứ gõ thành chữ nhé."
    ),
    "other": "Tôi chỉ đọc được chữ. Thầy cô gõ câu hỏi giúp tôi nhé.",
}
