"""A worker's scratch folder: full in time, and removed whatever is in it."""

import os

from lrcourse.grading.sandbox.host.scratch import MOST_ENTRIES, Scratch


def test_a_scratch_folder_is_full_by_size_or_by_number(tmp_path):
    scratch = Scratch()
    assert not scratch.is_full()
    (scratch.path / "big").write_bytes(bytes(65 << 20))
    assert scratch.is_full()
    (scratch.path / "big").unlink()
    for number in range(MOST_ENTRIES + 1):
        (scratch.path / str(number)).touch()
    assert scratch.is_full()
    scratch.close()
    assert not scratch.path.exists()


def test_it_is_removed_however_deep_it_is_and_links_are_not_followed(tmp_path):
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "file").write_text("x")
    scratch = Scratch()
    (scratch.path / "link").symlink_to(kept)
    os.mkfifo(scratch.path / "pipe")
    here = os.open(scratch.path, os.O_RDONLY)
    for _ in range(1500):  # deeper than Python recurses, longer than a path may be
        os.mkdir("deeper", dir_fd=here)
        following = os.open("deeper", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = following
    os.close(here)
    (scratch.path / "shut").mkdir(mode=0)
    scratch.close()
    assert not scratch.path.exists()
    assert (kept / "file").read_text() == "x"
