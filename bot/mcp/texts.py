"""What a calling model is told of the server and of each tool, in Vietnamese and English: it decides by these words what it says."""

from __future__ import annotations

INSTRUCTIONS = """\
Tra Cứu trả lời câu hỏi của thầy cô về văn bản chỉ đạo, quy phạm pháp luật của ngành giáo dục, câu trả lời nào cũng kèm nguồn.
- Hỏi bằng `ask` trước; `search` để tìm điều khoản, `show` để đọc nguyên văn.
- Khi dùng lại, trích nguyên văn (`quote`) và nêu nguồn (`label`) của từng ý; giữ nguyên ngày, số, tên; nói rõ hiệu lực (`validity`) \
khi văn bản đã bị sửa đổi, thay thế hoặc hết hiệu lực; chuyển lại các lưu ý (`notes`).
- `not_found` là kho văn bản không có câu trả lời: hãy nói lại đúng như vậy, không đoán, không trả lời thay bằng hiểu biết riêng.
- `offered` là chưa chắc: chỉ nêu các chỗ có thể đúng để thầy cô tự đọc, không khẳng định.

Tra Cứu answers teachers' questions about official Vietnamese education documents, always with its source.
- Call `ask` first; `search` finds provisions, `show` gives their own words.
- When you pass an answer on, quote it verbatim (`quote`) with its source (`label`) for every statement; never change dates, figures or \
names; say so when `validity` is amended, replaced or expired; pass the `notes` on.
- `not_found` means that the documents do not answer: say exactly that. Do not guess and do not answer from your own knowledge instead.
- `offered` means unsure: name the places for the reader to look at, and claim nothing.
"""

ASK = """\
Hỏi một câu về văn bản giáo dục, nhận câu trả lời kèm trích dẫn. Trích lại `quote` và nêu `label`; `status` là `not_found` thì báo lại \
là không có trong văn bản, không đoán; `offered` là chưa chắc, chỉ nêu các chỗ gần nhất.
Ask one question about Vietnamese education documents; the answer comes with its sources. Quote `quote` and name `label`. Pass a \
`not_found` on as it is and do not guess around it; `offered` is unsure and claims nothing. Ask in Vietnamese, marks are optional."""

SEARCH = """\
Tìm các điều khoản gần câu hỏi nhất, không trả lời. Gần không có nghĩa là trả lời được: hãy đọc `text` và nêu số văn bản, mục.
Find the provisions nearest to a question, without an answer. Near does not mean that they answer it: read `text`, and name the document \
and section of whatever you use."""

SHOW = """\
Đọc nguyên văn một văn bản hoặc một mục, kèm hiệu lực và lưu ý. Văn bản dài thì chỉ có phần đầu và danh sách mục (`sections`) \
để đọc tiếp.
Read the words of a document or of one of its sections, with its validity and notes. Of a long one only the beginning comes, with the \
`sections` to go on with. Quote it verbatim with its `label`."""

QUESTION = "Câu hỏi, gõ có dấu hay không dấu đều được. The question, best in Vietnamese."
CONVERSATION = (
    "Mã tự đặt của hội thoại (chữ, số, . : @ - _): các câu cùng mã hỏi tiếp nhau. Chữ ngẫu nhiên, mỗi hội thoại một mã. "
    "An id of your own for follow-up questions: random, one for each conversation."
)
MOST_FOUND = "Nhiều nhất bao nhiêu kết quả. At most so many results."
NUMBER = "Số hiệu văn bản như 2607/SGDĐT-GDPT, hay tên như trong nguồn (Công văn 2607/SGDĐT-GDPT). The number of the document."
SECTION = "Một mục như IV.2, Điều 5.2 hay khoản 2 Điều 5; để trống thì cả văn bản. A section; leave it empty for the whole document."
DOCUMENT_RESOURCE = "Nguyên văn một văn bản; dấu / trong số hiệu viết là %2F. A document; write / in its number as %2F."
SECTION_RESOURCE = "Nguyên văn một mục của văn bản. A section of a document."
