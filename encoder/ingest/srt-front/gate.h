/* Who comes in: one caller at a time, with the stream id and a passphrase that the configuration gives. */
#ifndef GATE_H
#define GATE_H
#include "config.h"
#include "text.h"
#include <srt/srt.h>

/* A caller that was let in by the handshake and that srt_accept has not yet given. */
struct admission {
    SRTSOCKET socket;
    char address[ADDRESS_MAX];
    int passphrase; /* 1 or 2: which one it has; 0: none is set */
    int key_length; /* bytes; 0: not encrypted */
};

/* Returns a descriptor that becomes readable when there is something to report, or -1. */
int gate_open(const struct config *config);
/* libsrt's listen callback; runs in its receiving thread. */
int gate_request(void *unused, SRTSOCKET socket, int version, const struct sockaddr *peer, const char *stream_id);
/* Lets the next caller in. */
void gate_release(void);
/* The admission of a socket that srt_accept gave. */
void gate_admitted(SRTSOCKET socket, struct admission *admission);
/* Sends the events of what was refused, and notices an admission that libsrt itself has undone. */
void gate_report(void);
#endif
