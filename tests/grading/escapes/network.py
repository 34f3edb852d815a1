"""Reaching another program or machine."""

import os
import socket

from tests.grading.escapes.tools import EITHER, attack, system_call


@attack()
def connects_by_tcp(target):
    """Open a connection."""
    return socket.create_connection(("127.0.0.1", target.tcp), 1).getpeername()


@attack(at_l1=EITHER)
def connects_by_tcp_over_ipv6(target):
    """Open a connection by the newer protocol."""
    return socket.create_connection(("::1", target.tcp6), 1).getpeername()


@attack()
def sends_by_udp(target):
    """Send a datagram."""
    sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    return sender.sendto(b"x", ("127.0.0.1", target.udp))


@attack()
def connects_to_an_abstract_socket(target):
    """Reach a program by a name that no folder holds."""
    caller = socket.socket(socket.AF_UNIX)
    return caller.connect(target.abstract.encode()) or "connected"


@attack()
def connects_to_a_socket_in_a_folder(target):
    """Reach a program by a socket file, as desktops and Docker have them."""
    caller = socket.socket(socket.AF_UNIX)
    return caller.connect(target.named) or "connected"


@attack()
def sends_from_a_pair_to_an_abstract_socket(target):
    """Make a harmless pair of sockets, and address a datagram to somebody else."""
    pair = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    return pair[0].sendto(b"x", target.abstract_datagram.encode())


@attack()
def sends_from_a_pair_to_a_socket_in_a_folder(target):
    """Do so to a socket file, as the system's log and its start program have them."""
    pair = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    return pair[0].sendto(b"x", target.named_datagram)


@attack()
def listens_for_callers(target):
    """Wait for connections from outside."""
    server = socket.socket()
    server.bind(("127.0.0.1", 0))
    server.listen()
    return server.getsockname()


@attack(at_l1=EITHER)
def talks_to_the_kernel_by_netlink(target):
    """Open a netlink socket: routes, firewall, audit."""
    return socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0).fileno()


@attack(at_l1=EITHER)
def talks_to_the_host_by_vsock(target):
    """Open a socket from a virtual machine to its host."""
    return socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM).fileno()


@attack(at_l1=EITHER)
def reads_the_network_raw(target):
    """Open a raw and a packet socket."""
    return socket.socket(socket.AF_PACKET, socket.SOCK_RAW).fileno()


@attack(at_l1=EITHER)
def asks_for_kernel_cryptography(target):
    """Open an AF_ALG socket, known for its faults."""
    return socket.socket(socket.AF_ALG, socket.SOCK_SEQPACKET).fileno()


@attack(at_l1=EITHER)
def opens_a_message_queue(target):
    """Open a POSIX message queue."""
    return system_call("mq_open", b"harm", os.O_CREAT | os.O_RDWR, 0o600, 0)
