"""Print /etc/tracuu.env as it is first written: where things are, and every other setting commented out, with its meaning."""

from textwrap import wrap

from bot.settings import describe

HEAD = """\
# Thiết lập của Tra Cứu. Bỏ dấu # ở đầu dòng rồi đặt giá trị; đổi xong thì chạy: systemctl restart 'tracuu*'
# Giá trị có dấu cách hay ký hiệu $ thì đặt trong dấu nháy đơn. Chỉ root và nhóm tracuu đọc được tệp này.
# Tệp không bị nâng cấp nào ghi đè; bản mới của nó, với các thiết lập mới, ở /usr/share/tracuu/tracuu.env
"""
PLACES = {"TRACUU_DATA": "/var/lib/tracuu/data", "TRACUU_CORPUS": "/var/lib/tracuu/corpus"}

print(HEAD)
for variable, default, meaning in describe():
    print("\n".join(f"# {line}" for line in wrap(meaning, 118, break_long_words=False, break_on_hyphens=False)))
    print(f"{variable}={PLACES[variable]}\n" if variable in PLACES else f"#{variable}={default}\n")
