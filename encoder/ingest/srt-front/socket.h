/* Sockets of libsrt with the options that live media needs. */
#ifndef SOCKET_H
#define SOCKET_H
#include "config.h"
#include <netdb.h>
#include <srt/srt.h>

struct bound {
    SRTSOCKET socket;
    int port;
    int udp_buffer; /* bytes that the kernel gives; net.core.rmem_max may make it less than wanted */
};
#define UDP_BUFFER_WANTED (4 << 20)

/* Sends the event `failed` and returns -1 where it cannot. */
int socket_listen(const struct config *config, struct bound *bound);
/* SRT_INVALID_SOCK where it cannot. */
SRTSOCKET socket_call(const struct config *config);
/* NULL where there is none; `text` then says why. */
struct addrinfo *socket_resolve(const struct config *config, const char **text);
#endif
