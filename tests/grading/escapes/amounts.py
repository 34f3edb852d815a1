"""Taking too much: memory, disk, threads, descriptors, output."""

import ctypes
import mmap
import os
import threading
import time

from tests.grading.escapes.tools import EITHER, NOT_RUN, attack, libc, system_call

MIB = 1 << 20


def beyond(allowed, got):
    """Return `got` where it is more than `allowed`."""
    return got if got > allowed else None


@attack(at_l1=EITHER)
def takes_memory_in_one_piece(target):
    """Ask for 3 GiB."""
    return len(bytearray(3 << 30))


@attack(at_l1=EITHER)
def takes_memory_piece_by_piece(target):
    """Fill memory until refused."""
    held = []
    try:
        while len(held) * 64 * MIB <= target.memory:
            held.append(b"x" * (64 * MIB))
    except MemoryError:
        pass
    return beyond(target.memory, len(held) * 64 * MIB)


@attack()
def takes_memory_as_a_file(target):
    """Make a file in memory: no limit on the address space counts it."""
    number = system_call("memfd_create", b"harm", 0)
    return os.write(number, b"x" * MIB)


@attack(at_l1=EITHER)
def takes_secret_memory(target):
    """Make memory that even the kernel cannot see."""
    return system_call("memfd_secret", 0)


@attack()
def takes_shared_memory(target):
    """Make a System V segment, which outlives the process."""
    segment = system_call("shmget", 0, MIB, 0o1600)
    libc.shmctl(segment, 0, None)  # leave nothing where it was not refused
    return segment + 1


@attack()
def reads_shared_memory(target):
    """Attach a segment of another process."""
    libc.shmat.restype = ctypes.c_void_p
    place = libc.shmat(target.segment, None, 0)
    if place == ctypes.c_void_p(-1).value:
        raise OSError(ctypes.get_errno(), "shmat")
    return ctypes.string_at(place, 64)


@attack()
def takes_memory_in_dev_shm(target):
    """Write into /dev/shm, which is memory."""
    with open(f"/dev/shm/{target.mark}", "wb") as file:
        return file.write(b"x" * MIB)


@attack()
def reads_dev_shm(target):
    """Read what another process shares there."""
    return open(f"/dev/shm/{target.shared}").read()


@attack(at_l1=EITHER)
def pins_memory_in_pipes(target):
    """Hand pages to a pipe: they stay when their owner has unmapped them."""
    page = mmap.mmap(-1, 4096)
    place = ctypes.addressof(ctypes.c_char.from_buffer(page))
    piece = (ctypes.c_size_t * 2)(place, 4096)
    return system_call("vmsplice", os.pipe()[1], piece, 1, 0)


@attack(at_l1=EITHER)
def fills_the_disk_with_one_file(target):
    """Write on and on."""
    with open("big", "wb", buffering=0) as file:
        return beyond(target.disk, sum(file.write(bytes(8 * MIB)) for _ in range(64)))


@attack(at_l1=EITHER)
def fills_the_disk_with_large_files(target):
    """Write many files, each of a size that is allowed."""
    size = 0
    for number in range(64):
        with open(f"large-{number}", "wb", buffering=0) as file:
            size += file.write(bytes(8 * MIB))
    return beyond(target.disk, size)


@attack(at_l1=EITHER)
def fills_the_disk_with_small_files(target):
    """Write more files than a file system likes."""
    for number in range(target.files):
        with open(f"small-{number}", "wb", buffering=0) as file:
            file.write(b"x")
    return target.files


@attack(at_l1=EITHER)
def fills_the_disk_with_deleted_files(target):
    """Write files that no folder shows any more."""
    size, held = 0, []
    for _ in range(64):
        held.append(open("gone", "wb", buffering=0))
        os.unlink("gone")
        size += held[-1].write(bytes(8 * MIB))
    return beyond(target.disk, size)


@attack(at_l1=EITHER)
def nests_folders_for_ever(target):
    """Leave folders so deep that whoever cleans up runs out of stack."""
    for _ in range(1500):
        os.mkdir("d")
        os.chdir("d")


@attack(at_l1=EITHER)
def leaves_a_folder_that_nobody_may_list(target):
    """Leave folders without permissions for whoever cleans up."""
    os.makedirs("closed/inner")
    os.mkdir("dark", 0o300)
    open("dark/file", "w").close()
    os.umask(0o777)
    os.mkdir("black")


@attack(at_l1=EITHER)
def leaves_links_for_the_cleaner(target):
    """Leave links that whoever cleans up might follow, and names that are not text."""
    os.mkdir("dark", 0o300)
    for place in ("here", "dark/there"):
        os.symlink(target.home, place)
        os.symlink(target.private, place + "-file")
    os.mkdir(b"\xff\n\x1b[2J")


@attack(at_l1=EITHER)
def leaves_a_pipe_that_never_answers(target):
    """Leave a FIFO on which whoever opens it waits."""
    os.mkfifo("report.json")


@attack(at_l1=NOT_RUN)
def starts_threads(target):
    """Start a thousand threads with small stacks."""
    threading.stack_size(32 << 10)
    started = 0
    try:
        while started < target.threads:
            threading.Thread(target=time.sleep, args=(9,), daemon=True).start()
            started += 1
    except (RuntimeError, MemoryError):
        return None
    return started


@attack(at_l1=EITHER)
def opens_too_many_files(target):
    """Open descriptors until refused."""
    held = []
    while len(held) <= 4096:
        held.append(os.open("/dev/null", os.O_RDONLY))
    return len(held)


@attack(at_l1=EITHER)
def prints_without_end(target):
    """Write 1 GiB of output."""
    for _ in range(1024):
        os.write(1, b"x" * MIB)
