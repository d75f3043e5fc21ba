/*
 * libsrt shows its listen callback the caller's address and stream id, and not the key material that the caller
 * sent in the same datagram. That is needed before the connection is accepted: to know which of two passphrases
 * the caller has, and to say why one is refused. So this program has a recvmsg of its own, which libsrt's call
 * finds before the C library's, and which keeps the last handshake that the calling thread received.
 *
 * libsrt has one receiving thread a UDP port, and it runs the callback within the work on the datagram that it
 * has just received (CRcvQueue::worker, CRcvQueue::worker_ProcessConnectionRequest, CUDT::processConnectRequest,
 * CUDTUnited::newConnection, CUDT::runAcceptHook). A variable of that thread is therefore enough: there is no
 * table by peer that would need a limit, a lifetime or a lock, and nothing is parsed before libsrt has checked
 * the caller's cookie. Considered and not taken: a socket of our own that peeks (it would race libsrt's reads)
 * and a relay (it would add a copy and a hop to all media).
 *
 * It is also where a handshake can still be kept from libsrt, which builds a socket for each one before it asks
 * the callback: 90,000 in five seconds from one host made it hold a gigabyte.
 *
 * It decides nothing that libsrt does not check again: the passphrase that fits is set on the new socket, and
 * libsrt unwraps the key with it under SRTO_ENFORCEDENCRYPTION. If a libsrt should receive by another call, the
 * callback finds no handshake and refuses everyone, which the first test notices.
 */
#include "received.h"
#include "limit.h"
#include "text.h"
#include <errno.h>
#include <netinet/in.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define SRT_HEADER 16
#define HANDSHAKE 48
#define DATAGRAM_MAX 1500
#define TYPE (SRT_HEADER + 20)

static __thread struct {
    size_t length; /* 0: the last datagram was no handshake */
    struct sockaddr_storage from;
    uint8_t bytes[DATAGRAM_MAX];
} last;

/* The socket that the last shutdown message was for. Anyone may forge one, so it only chooses words. */
static _Atomic SRTSOCKET goodbye = SRT_INVALID_SOCK;

static _Atomic uint64_t ignored;

uint64_t received_ignored(void) { return ignored; }

bool received_goodbye(SRTSOCKET socket) { return goodbye == socket; }

/* False where libsrt must not see it. */
static bool take(const struct msghdr *message, size_t length) {
    static const uint8_t handshake[4] = {0x80, 0, 0, 0}, shutdown[4] = {0x80, 5, 0, 0}, to_listener[4] = {0},
                         induction[4] = {0, 0, 0, 1};
    last.length = 0;
    if (length < SRT_HEADER || message->msg_iovlen == 0 || message->msg_iov[0].iov_len < SRT_HEADER) return true;
    const uint8_t *header = message->msg_iov[0].iov_base;
    if ((header[0] & 0x80) == 0) return true; /* media */
    if (memcmp(header, shutdown, 4) == 0)
        goodbye = (SRTSOCKET)((uint32_t)header[12] << 24 | header[13] << 16 | header[14] << 8 | header[15]);
    if (length < SRT_HEADER + HANDSHAKE || length > DATAGRAM_MAX || message->msg_name == NULL ||
        message->msg_namelen > sizeof last.from)
        return true;
    if (memcmp(header, handshake, 4) != 0 || memcmp(header + 12, to_listener, 4) != 0) return true;
    size_t copied = 0;
    for (size_t i = 0; i < message->msg_iovlen && copied < length; i++) {
        size_t here = message->msg_iov[i].iov_len;
        if (here > length - copied) here = length - copied;
        memcpy(last.bytes + copied, message->msg_iov[i].iov_base, here);
        copied += here;
    }
    memset(&last.from, 0, sizeof last.from);
    memcpy(&last.from, message->msg_name, message->msg_namelen);
    last.length = copied;
    /* An induction costs libsrt an answer and no memory; whatever else it takes for a request to connect. */
    if (memcmp(last.bytes + TYPE, induction, 4) == 0) return true;
    if (!limit_reached(LIMIT_HANDSHAKES, (const struct sockaddr *)&last.from, text_now_ms())) return true;
    last.length = 0;
    ignored++;
    return false;
}

ssize_t recvmsg(int socket, struct msghdr *message, int flags) {
    ssize_t got = syscall(SYS_recvmsg, socket, message, flags);
    if (got < 0 || take(message, (size_t)got)) return got;
    errno = EAGAIN; /* as if it had not come; a caller sends its handshake again after 250 ms */
    return -1;
}

static bool same(const struct sockaddr *a, const struct sockaddr *b) {
    if (a->sa_family != b->sa_family) return false;
    if (a->sa_family == AF_INET) {
        const struct sockaddr_in *x = (const struct sockaddr_in *)a, *y = (const struct sockaddr_in *)b;
        return x->sin_port == y->sin_port && x->sin_addr.s_addr == y->sin_addr.s_addr;
    }
    const struct sockaddr_in6 *x = (const struct sockaddr_in6 *)a, *y = (const struct sockaddr_in6 *)b;
    return x->sin6_port == y->sin6_port && memcmp(&x->sin6_addr, &y->sin6_addr, sizeof x->sin6_addr) == 0;
}

int received_handshake(const struct sockaddr *peer, struct handshake *handshake) {
    if (last.length == 0 || !same((const struct sockaddr *)&last.from, peer)) return -1;
    handshake->extensions = last.bytes + SRT_HEADER + HANDSHAKE;
    handshake->length = last.length - SRT_HEADER - HANDSHAKE;
    return 0;
}
