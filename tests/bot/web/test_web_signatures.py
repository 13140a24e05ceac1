"""The page of a document and the API tell who signed its file, and warn where it was changed since."""

import pytest

from ingest.pipeline import ingest
from tests.bot.web.site import Site
from tests.ingest.signed_pdfs import Signer, changed_after, letter, save, stamp


@pytest.fixture(scope="module")
def signed_site(repo, tmp_path_factory):
    folder = tmp_path_factory.mktemp("signed")
    (folder / "corpus").mkdir()
    signer = Signer.new("Trần Tự Ký", "Sở GDĐT Minh Lĩnh")
    number = stamp("/Subtype /FreeText", 62, 340, "9")
    save(folder / "corpus", changed_after(signer.sign(letter(number)), "15/11/2025", "15/12/2025"))
    ingest(folder / "corpus", folder / "data")
    started = Site(repo, folder / "data", folder / "corpus", TRACUU_TRUST_ROOTS=str(save(folder, signer.pem, "goc.pem")))
    yield started
    assert started.stop() == 0


def test_the_page_warns_of_a_file_changed_after_it_was_signed(signed_site):
    page = signed_site.http.get("/van-ban/9-SGDDT-QLCL").text
    assert '<p class="note" role="alert">Ký số bởi Trần Tự Ký (Sở GDĐT Minh Lĩnh) lúc' in page
    assert "TỆP ĐÃ BỊ SỬA SAU KHI KÝ" in page


def test_the_api_tells_what_was_found(signed_site):
    (signature,) = signed_site.http.get("/api/documents/9-SGDDT-QLCL").json()["document"]["signatures"]
    assert (signature["signer"], signature["state"], signature["trust"]) == ("Trần Tự Ký", "changed", "trusted")
    assert "chứng thư do nơi được tin cậy cấp" in signature["text"]
