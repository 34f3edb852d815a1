"""Changing files and folders that are not the learner's."""

import os
import site

from tests.grading.escapes.tools import EITHER, NOT_RUN, attack, first, system_call


@attack()
def overwrites_a_private_file(target):
    """Write into a file that is not one's own."""
    with open(target.private, "r+") as file:
        return file.write("harm")


@attack()
def empties_a_file_by_opening_it(target):
    """Open for reading, and truncate: only later kernels call that writing."""
    return os.open(target.private, os.O_RDONLY | os.O_TRUNC)


@attack()
def truncates_a_file(target):
    """Cut a file to nothing without opening it."""
    return os.truncate(target.private, 0) or "truncated"


@attack()
def deletes_a_private_file(target):
    """Unlink a file."""
    return os.unlink(target.private) or "deleted"


@attack()
def renames_a_private_file(target):
    """Move a file over another."""
    return os.rename(target.private, target.other) or "renamed"


@attack()
def creates_a_file_elsewhere(target):
    """Leave a file in another's folder."""
    return open(os.path.join(target.home, "left-behind"), "w").name


@attack()
def creates_a_link_elsewhere(target):
    """Leave a link in another's folder."""
    return os.symlink("/etc/passwd", os.path.join(target.home, "left-link")) or "linked"


@attack()
def creates_a_hidden_file_elsewhere(target):
    """Make a file without a name in another's folder, as room for data."""
    return os.write(os.open(target.home, os.O_TMPFILE | os.O_RDWR, 0o600), b"x")


@attack()
def changes_the_mode(target):
    """Make a private file readable for all."""
    return os.chmod(target.private, 0o777) or "chmod"


@attack(at_l1=EITHER)
def changes_the_mode_through_a_descriptor(target):
    """Do so through a descriptor that only names the file."""
    named = os.open(target.private, os.O_PATH)
    return system_call("fchmodat2", named, b"", 0o777, 0x1000) or "chmod"


@attack()
def changes_the_owner(target):
    """Give a file to the group it has: the owner may, and its date changes."""
    return os.chown(target.private, -1, os.getgid()) or "chown"


@attack()
def changes_the_dates(target):
    """Make a file look old."""
    return os.utime(target.private, (0, 0)) or "utime"


@attack()
def writes_an_extended_attribute(target):
    """Write beside a file."""
    return os.setxattr(target.private, "user.harm", b"x") or "setxattr"


@attack()
def removes_an_extended_attribute(target):
    """Remove what is written beside a file."""
    return os.removexattr(target.private, "user.secret") or "removexattr"


@attack(at_l1=NOT_RUN)
def plants_code_in_site_packages(target):
    """Leave a file that every later Python would run."""
    return open(os.path.join(site.getsitepackages()[0], "harm_left.pth"), "w").name


@attack(at_l1=NOT_RUN)
def plants_code_in_the_course(target):
    """Leave a module in the course's package."""
    import lrcourse

    folder = lrcourse.__path__[0]
    return open(os.path.join(folder, "harm_left.py"), "w").name


@attack(at_l1=NOT_RUN)
def opens_devices(target):
    """Open memory, disks, the kernel's log, a terminal."""
    names = ("mem", "kmsg", "vda", "sda", "nvme0n1", "tty", "ptmx", "fuse", "kvm")
    return first(lambda name=name: os.open(f"/dev/{name}", os.O_RDWR) for name in names)


@attack(at_l1=NOT_RUN)
def writes_kernel_settings(target):
    """Write below /proc/sys and /sys, and look into the kernel's debugging."""
    places = ("/proc/sys/kernel/core_pattern", "/sys/power/state")
    doors = [lambda place=place: os.open(place, os.O_WRONLY) for place in places]
    return first([*doors, lambda: os.listdir("/sys/kernel/debug")])
