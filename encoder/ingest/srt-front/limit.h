/*
 * How much of what callers cost may be spent, on one host and on all together.
 *
 * A passphrase that does not fit costs milliseconds of the thread that receives media; every handshake with a
 * valid cookie makes libsrt build a socket of some 11 kB, which it frees seconds later. Both are things of
 * libsrt's receiving thread alone, and so is this.
 */
#ifndef LIMIT_H
#define LIMIT_H
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

enum limit { LIMIT_HANDSHAKES, LIMIT_PASSPHRASES };

/* True where no more is allowed just now. */
bool limit_reached(enum limit limit, const struct sockaddr *peer, int64_t now_ms);
void limit_count(enum limit limit, const struct sockaddr *peer, int64_t now_ms);
#endif
