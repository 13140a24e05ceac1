"""What the bot says besides answers, and the names of its commands."""

COMMANDS = {
    "han": "Các thời hạn sắp tới",
    "lienhe": "Đầu mối liên hệ",
    "vanban": "Các văn bản đang có",
    "quytrinh": "Hướng dẫn trên phần mềm",
    "hoi": "Đặt câu hỏi (dùng trong nhóm)",
    "moi": "Bắt đầu hội thoại mới",
    "toi": "Cho biết thầy cô thuộc đơn vị nào",
    "nhac": "Nhắc trước khi đến hạn",
    "gopy": "Gửi góp ý cho quản trị viên",
    "xoa": "Xóa dữ liệu của tôi",
    "help": "Hướng dẫn sử dụng",
}

WELCOME = "Chào thầy cô! Tôi là Tra Cứu."
WELCOME_BODY = (
    "\nTôi trả lời câu hỏi về văn bản chỉ đạo của ngành giáo dục và luôn dẫn nguồn. "
    "Thầy cô cứ nhắn câu hỏi như nói chuyện, có dấu hay không dấu đều được."
)
TRY = "\n\nBấm thử một câu (mọi việc tôi làm được: /help):"
HELP = """
Cứ nhắn câu hỏi, ví dụ: “bao giờ nộp báo cáo sơ kết?”, “gọi ai khi lỗi phần mềm?”. Hỏi tiếp được: “còn trường mầm non?”.

Dưới mỗi câu trả lời có nút xem nguyên văn, câu liên quan và 👍 👎 để thầy cô chấm.
Khi chưa chắc, tôi nêu vài chỗ gần nhất; bấm “Đúng: mục …” để báo chỗ cần tìm.

/han – thời hạn sắp tới
/lienhe – đầu mối liên hệ
/vanban – các văn bản đang có
/quytrinh – hướng dẫn trên phần mềm
/toi – chọn đơn vị, để câu trả lời đúng với thầy cô
/nhac – nhắc trước hạn 7, 3 và 1 ngày (/nhac tat để tắt)
/moi – bắt đầu hội thoại mới
/gopy – góp ý
/xoa – xóa mọi dữ liệu về thầy cô

Trong nhóm: nhắc tên @{name}, trả lời tin của tôi, hoặc gõ /hoi kèm câu hỏi. Ở bất cứ đâu: gõ @{name} rồi câu hỏi để chèn trích dẫn."""

NEW = "Đã bắt đầu hội thoại mới. Mời thầy cô hỏi."
WHO_ARE_YOU = "Thầy cô thuộc đơn vị nào?"
WHO_ARE_YOU_BODY = "\nKhi câu hỏi không nói rõ, tôi sẽ trả lời theo đơn vị này."
ROLE_NOW = "\n\nĐang chọn: {role}."
ROLE_SET = "Đã ghi nhận: {role}."
ROLE_SET_BODY = "\nTừ nay tôi trả lời và liệt kê thời hạn theo đơn vị này. Đổi lúc nào cũng được: /toi"
ROLE_CLEARED = "Đã bỏ chọn đơn vị."
NO_ROLE = "Không chọn đơn vị nào"

REMINDERS_ON = "Đã bật nhắc hạn."
REMINDERS_ON_BODY = "\nTôi sẽ nhắn lúc {time} trước mỗi hạn 7, 3 và 1 ngày. Tắt: /nhac tat"
REMINDERS_FOR_ALL = "\nThầy cô chưa chọn đơn vị nên tôi nhắc mọi hạn. Chọn: /toi"
REMINDERS_NEXT = "\n\nHạn gần nhất:"
REMINDERS_NONE = "\n\nHiện chưa có hạn nào sắp tới."
REMINDERS_OFF = "Đã tắt nhắc hạn. Bật lại: /nhac"
REMINDERS_USAGE = "Gõ /nhac để bật nhắc hạn, /nhac tat để tắt."
REMINDER = "⏰ Nhắc hạn"

DELETE_SURE = "Xóa mọi dữ liệu về thầy cô?"
DELETE_SURE_BODY = "\nGồm: đơn vị đã chọn, nhắc hạn, hội thoại, câu đã hỏi, đánh giá và góp ý."
DELETED = "Đã xóa mọi dữ liệu về thầy cô."
KEPT = "Không xóa gì."
YES_DELETE = "Xóa hết"
NO_DELETE = "Thôi"

SUGGEST = "Thầy cô muốn góp ý điều gì? Hãy trả lời tin này."
SUGGEST_HINT = "Góp ý của thầy cô"
REASON = "Câu trả lời chưa đúng ở đâu? Hãy trả lời tin này. (mã {id})"
REASON_HINT = "Chưa đúng ở chỗ…"
THANKS = "Cảm ơn thầy cô đã góp ý. Quản trị viên sẽ đọc."
THANKS_UP = "Cảm ơn thầy cô!"
THANKS_DOWN = "Cảm ơn thầy cô. Câu trả lời chưa đúng ở đâu?"
MEANT = "Cảm ơn thầy cô. Nội dung ở tin dưới đây."
REASONS = {"s": "Sai nội dung", "t": "Thiếu", "k": "Không đúng câu hỏi", "h": "Khó hiểu"}
OTHER_REASON = "Viết lý do…"
SKIP_REASON = "Bỏ qua"

NO_QUESTION = "Thầy cô muốn hỏi điều gì? Gõ câu hỏi ngay sau tên tôi hoặc sau lệnh, ví dụ: /hoi hạn nộp báo cáo sơ kết?"
UNKNOWN_COMMAND = "Tôi không có lệnh này. Xem các lệnh: /help. Hoặc thầy cô cứ nhắn câu hỏi."
PRIVATE_ONLY = "Việc này chỉ làm được khi nhắn riêng cho tôi: https://t.me/{name}"
TOO_FAST = "Thầy cô hỏi nhanh quá, tôi chưa theo kịp. Xin đợi khoảng một phút rồi hỏi tiếp nhé."
TROUBLE = "Xin lỗi, tôi đang gặp trục trặc nên chưa trả lời được. Thầy cô thử lại sau ít phút nhé."
STALE = "Nút này đã cũ. Thầy cô hỏi lại giúp nhé."
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
        "Tôi chưa đọc được tệp gửi qua đây. Muốn đưa văn bản này vào kho tra cứu, thầy cô chuyển tệp cho quản trị viên: "
        "quản trị viên nạp bằng lệnh tracuu add. Còn câu hỏi thì thầy cô cứ gõ thành chữ nhé."
    ),
    "other": "Tôi chỉ đọc được chữ. Thầy cô gõ câu hỏi giúp tôi nhé.",
}
