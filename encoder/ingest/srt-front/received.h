/* What libsrt received and does not tell: the handshake that it is working on, and who said goodbye. */
#ifndef RECEIVED_H
#define RECEIVED_H
#include <srt/srt.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

struct handshake {
    const uint8_t *extensions; /* what follows the 48 bytes that all handshakes have */
    size_t length;
};

/* For libsrt's listen callback alone: 0, or -1 where the datagram at hand is not a handshake from `peer`. */
int received_handshake(const struct sockaddr *peer, struct handshake *handshake);

/* Handshakes that were kept from libsrt, because there were too many (limit.h). */
uint64_t received_ignored(void);

/* True where the peer of this socket has closed the connection, rather than fallen silent. */
bool received_goodbye(SRTSOCKET socket);
#endif
