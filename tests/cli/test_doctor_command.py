"""`doctor` sees what is missing and names the command that brings it."""

import importlib.metadata
import shutil

from postmark_id.cli import doctor


def test_a_whole_installation_has_no_missing_part(postmark_id):
    said = postmark_id("doctor")
    assert "MISSING" not in said.out
    assert said.code == 0
    for words in ("OpenCV", "reference marks", "stays", "proposer.onnx", "Cyrillic"):
        assert words in said.out


def test_a_missing_package_ends_with_code_three_and_its_command(postmark_id, monkeypatch):
    original = importlib.metadata.version

    def version(name):
        if name == "rapidfuzz":
            raise importlib.metadata.PackageNotFoundError(name)
        return original(name)

    monkeypatch.setattr(importlib.metadata, "version", version)
    monkeypatch.setattr(doctor, "CHECKS", (doctor.packages,))
    said = postmark_id("doctor")
    assert said.code == 3
    assert "MISSING rapidfuzz" in said.out
    assert "pip install rapidfuzz" in said.out


def test_opencv_without_its_system_libraries_is_explained(monkeypatch):
    def fail(name):
        raise ImportError("libGL.so.1: cannot open shared object file")

    monkeypatch.setattr(doctor.importlib, "import_module", fail)
    monkeypatch.setattr(shutil, "which", lambda program: "/usr/bin/apt-get" if program == "apt-get" else None)
    (finding,) = doctor.opencv()
    assert finding.state == "MISSING"
    assert finding.remedy == "sudo apt-get install libgl1 libglib2.0-0"


def test_absent_tesseract_is_a_loss_and_no_end(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda program: "/usr/bin/dnf" if program == "dnf" else None)
    found = {finding.what.split(":")[0]: finding for finding in doctor.engines()}
    assert found["reader tesseract"].state == "lacks"
    assert "dnf install tesseract tesseract-langpack-eng" in found["reader tesseract"].remedy
    assert all(finding.state != "MISSING" for finding in found.values())


def test_a_missing_language_names_its_package(monkeypatch):
    from postmark_id.dates.engines import tesseract

    monkeypatch.delenv("TESSDATA_PREFIX", raising=False)
    monkeypatch.setattr(shutil, "which", lambda program: f"/usr/bin/{program}")
    monkeypatch.setattr(tesseract, "ask", lambda *_: "List of languages (1):\neng\n")
    found = list(doctor.tesseract())
    assert [finding.state for finding in found] == ["ok", "lacks"]
    assert found[1].remedy == "sudo apt-get install tesseract-ocr tesseract-ocr-rus"


def test_a_wrong_tessdata_prefix_is_named(monkeypatch):
    from postmark_id.dates.engines import tesseract

    monkeypatch.setenv("TESSDATA_PREFIX", "/nowhere")
    monkeypatch.setattr(shutil, "which", lambda program: f"/usr/bin/{program}")
    monkeypatch.setattr(tesseract, "ask", lambda *_: "List of languages (0):\n")
    (finding,) = doctor.tesseract()
    assert "/nowhere" in finding.what


def test_where_no_package_manager_is_known_all_commands_are_given(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda _: None)
    assert doctor.install_command(apt="a", dnf="b", brew="c").count(" or ") == 2
