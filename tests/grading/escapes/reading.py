"""Reading and listing what is not the learner's."""

import ctypes
import glob
import os

from tests.grading.escapes.tools import (
    EITHER,
    NOT_RUN,
    OPEN,
    attack,
    first,
    system_call,
)


@attack()
def reads_a_private_file(target):
    """Open a file in the home of whoever grades."""
    return open(target.private).read()


@attack()
def lists_a_home(target):
    """List a home folder."""
    return os.listdir(target.home)


@attack(at_l2=OPEN)
def sees_that_a_private_file_exists(target):
    """Ask for a file's size and date without opening it."""
    return os.stat(target.private).st_size


@attack(at_l2=OPEN)
def sees_where_a_link_points(target):
    """Read a symbolic link without following it."""
    return os.readlink(target.link)


@attack()
def reads_another_students_notebook(target):
    """Copy from the folder beside one's own."""
    return open(target.other).read()


@attack()
def reads_the_solutions(target):
    """Open the solutions of the course by their place in its repository."""
    return first_bytes(f"{target.checkout}/solutions/*.ipynb")


@attack()
def reads_the_checks(target):
    """Open the checks and the known mistakes."""
    return first_bytes(f"{target.checkout}/exercises/checks/*/*.py")


@attack()
def reads_the_tests(target):
    """Open the course's own tests, which hold expected values."""
    return first_bytes(f"{target.checkout}/tests/*.py")


@attack()
def reads_the_grader(target):
    """Open the grader's source inside the installed package."""
    import lrcourse

    room = lrcourse.__path__[0]
    return first_bytes(f"{room}/grading/*.py") or first_bytes(f"{room}/authoring.py")


@attack(at_l1=NOT_RUN)
def reads_ssh_keys_and_histories(target):
    """Look through every home for keys and shell histories."""
    wanted = (".ssh/*", ".bash_history", ".python_history", ".netrc", ".gitconfig")
    homes = ("/root/", "/home/*/", os.path.expanduser("~/"))
    found = (
        path for home in homes for name in wanted for path in glob.glob(home + name)
    )
    return first(lambda path=path: len(open(path).read()) for path in found)


@attack(at_l1=NOT_RUN)
def reads_the_password_file(target):
    """Open /etc/shadow."""
    return len(open("/etc/shadow").read())


@attack(at_l1=NOT_RUN)
def lists_the_machines_folders(target):
    """List the folders in which people keep things."""
    places = ("/home", "/root", "/mnt", "/srv", "/var/log", "/etc", target.checkout)
    return first(lambda place=place: os.listdir(place) for place in places)


@attack(at_l1=EITHER)
def reads_through_a_handle(target):
    """Open a file by its handle, which skips the path."""
    handle = ctypes.create_string_buffer(136)
    ctypes.c_uint32.from_buffer(handle).value = 128
    mount, path = ctypes.c_int(), target.private.encode()
    system_call("name_to_handle_at", -100, path, handle, ctypes.byref(mount), 0)
    place = os.open(os.path.dirname(target.private), os.O_PATH)
    return os.read(system_call("open_by_handle_at", place, handle, os.O_RDONLY), 99)


@attack()
def reads_with_openat2(target):
    """Open with the newest call, which an old filter does not know."""
    how = (ctypes.c_uint64 * 3)(0, 0, 0)
    number = system_call("openat2", -100, target.private.encode(), how, 24)
    return os.read(number, 99)


@attack()
def reads_through_proc(target):
    """Reach a file through a process' view of the root."""
    doors = [f"/proc/{pid}/root" for pid in ("self", 1, *target.victims)]
    return first(lambda door=door: open(door + target.private).read() for door in doors)


@attack(at_l1=EITHER)
def reads_through_a_hard_link(target):
    """Link a private file into the scratch folder and read it there."""
    os.link(target.private, "mine")
    return open("mine").read()


@attack()
def reads_through_a_symbolic_link(target):
    """Point a link in the scratch folder at a private file and read it."""
    os.symlink(target.private, "mine")
    return open("mine").read()


@attack()
def reads_an_extended_attribute(target):
    """Read what is written beside a file, without opening it."""
    return os.getxattr(target.private, "user.secret")


@attack()
def watches_a_home(target):
    """Ask the kernel to tell every name that appears in a home."""
    queue = system_call("inotify_init1", 0)
    return system_call("inotify_add_watch", queue, target.home.encode(), 0x100)


@attack(at_l1=EITHER)
def reads_inherited_descriptors(target):
    """Read from every descriptor that the grader forgot to close."""
    for number in range(3, 1024):
        try:
            read = os.pread(number, 99, 0)
        except OSError:
            continue
        if target.mark.encode() in read:
            return read
    return None


def first_bytes(pattern):
    """Return the start of the first file that matches and holds anything."""
    texts = (open(path).read(80) for path in sorted(glob.glob(pattern)))
    return next(filter(None, texts), None)
