"""What a file is: by its content first; kinds that are not read are named, with what to do."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from eqsolve.errors import InputError
from eqsolve.spec.formats import FOREIGN, FORMATS
from eqsolve.spec.load import load, parse
from reference.efg import CARDS
from reference.nfg import PAYOFFS, THREE, TRACED


def archive(*names: str) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as out:
        for name in names:
            out.writestr(name, "application/vnd.oasis.opendocument.spreadsheet")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("raw", "what", "hint"),
    [
        (b"#AGG\n2\n", "an action-graph game", "save it as .nfg"),
        (b"\n#BAGG\n2\n", "a Bayesian action-graph game", "save it as .nfg"),
        (b'<?xml version="1.0" encoding="UTF-8"?>\n<gambit:document version="0.1">', "a workbook of Gambit", ".nfg"),
        (b'<?xml version="1.0"?>\n<gte version="0.1">', "a game of Game Theory Explorer", ".efg"),
        (b"<game><players/></game>", "an XML file", ".csv"),
        (b"GAMEDEF\nlimit\nnumPlayers = 2\n", "a poker game of the ACPC server", "eqsolve new kuhn"),
        (b"# Kuhn poker\n\ngamedef\nlimit\n", "a poker game of the ACPC server", "eqsolve new kuhn"),
        (b"*game: g\nH-representation\nlinearity 1 4\nbegin\n4 5 rational\n", "a polytope of lrs", "setupnash"),
        (b'{\n  "schema": "eqsolve.result/1",\n', "a result of eqsolve", "eqsolve regret"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old spreadsheet (.xls)", ".xlsx"),
        (b"\x1f\x8b\x08\x00", "compressed", "unpack"),
        (b"\x80\x04\x95", "a pickle", "np.savez"),
        (b"\x89HDF\r\n\x1a\n", "an HDF5 file", ".npz"),
        (b"MATLAB 5.0 MAT-file", "an array file of MATLAB", ".npz"),
        (b"%PDF-1.7\n", "a PDF", ".yaml"),
        ("3,0\n".encode("utf-16"), "a text in UTF-16", "UTF-8"),
        (archive("mimetype", "content.xml"), "an OpenDocument spreadsheet (.ods)", ".xlsx or .csv"),
        (archive("word/document.xml"), "a zip archive without a game", "unpack"),
    ],
)
def test_a_kind_of_file_that_is_not_read_is_named(raw: bytes, what: str, hint: str, tmp_path: Path) -> None:
    for source in (tmp_path / "g", tmp_path / "g.yaml", tmp_path / "g.nfg"):
        source.write_bytes(raw)
        with pytest.raises(InputError) as caught:
            load(source)
        assert caught.value.message.startswith(f"{source}: is {what}")
        assert caught.value.message.endswith("such files are not read")
        assert hint in str(caught.value.hint)
    with pytest.raises(InputError, match="-: is "):
        load("-", BytesIO(raw))


def test_a_suffix_names_a_kind_of_file_whose_content_tells_nothing() -> None:
    with pytest.raises(InputError, match=r"g\.agg: is an action-graph game"):
        parse("players 2\n", "g.agg")
    assert parse("{kind: matrix, zero_sum: [[1]]}", "g.game").kind == "matrix"


@pytest.mark.parametrize("name", ["g", "g.yaml", "g.csv", "g.npz", "g.efg", "g.xlsx"])
def test_the_content_of_a_text_tells_more_than_its_name(name: str) -> None:
    for text in (PAYOFFS, THREE, TRACED):
        assert parse(text, name).kind == "matrix"
    assert parse(CARDS, name).kind == "efg"


def test_every_row_says_how_it_is_told_and_what_it_is() -> None:
    for row in FORMATS[1:]:
        assert (row.reader is None) != (row.unpacker is None)
        assert (row.opening is None) == (row.reader is None)
        assert (row.magic is None) == (row.unpacker is None)
    assert all(row.hint for row in FOREIGN)
