/* What the front is told on its standard input before anything else. */
#ifndef CONFIG_H
#define CONFIG_H
#include <stdbool.h>
#include <stddef.h>

#define PASSPHRASES_MAX 2
#define PASSPHRASE_MIN 10 /* libsrt's limits: SRTO_PASSPHRASE */
#define PASSPHRASE_MAX 79
#define STREAM_ID_MAX 512 /* SRTO_STREAMID */

struct config {
    bool caller;
    char host[256];
    int port;
    int latency_ms;
    int idle_ms;
    char stream_id[STREAM_ID_MAX + 1]; /* empty: any */
    int key_length;                    /* bytes; 0: any */
    int passphrases;
    char passphrase[PASSPHRASES_MAX][PASSPHRASE_MAX + 1];
};

/*
 * Reads lines of `key value` up to the line `end`. Keys: mode (listener, caller), host, port, latency-ms,
 * idle-ms, stream-id, key-length, passphrase (may come twice).
 * Returns NULL, or what is wrong: a text without any value in it, for one may be a passphrase.
 */
const char *config_read(int fd, struct config *config);
#endif
