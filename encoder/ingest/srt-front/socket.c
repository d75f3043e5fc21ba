#include "socket.h"
#include "frame.h"
#include "text.h"
#include <arpa/inet.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define MEGABYTES_A_SECOND 7.5 /* 60 Mbit/s, the most that is planned for */
#define DATAGRAM 1472          /* what libsrt counts a packet as: an MTU of 1500 less UDP's 28 */
#define PAYLOAD 1456           /* SRT_LIVE_MAX_PLSIZE */
#define PAYLOAD_USUAL 1316     /* seven MPEG-TS packets */
#define REORDERED_MAX 40       /* packets: 8 ms of 50 Mbit/s */
#define OLDEST_PEER 0x010300   /* the first with the handshake that carries key and stream id */
#define CONNECT_MS 3000

static int integer(SRTSOCKET socket, SRT_SOCKOPT option, int value) {
    return srt_setsockflag(socket, option, &value, sizeof value);
}

static int yes(SRTSOCKET socket, SRT_SOCKOPT option, bool value) {
    return srt_setsockflag(socket, option, &value, sizeof value);
}

/* What arrives within the latency, twice the usual one at least for a peer that asks for more, and a second. */
static int packets_held(const struct config *config) {
    int ms = (config->latency_ms < 1000 ? 1000 : config->latency_ms) + 1000;
    return (int)(MEGABYTES_A_SECOND * 1000 * ms / PAYLOAD_USUAL);
}

static int set_up(SRTSOCKET socket, const struct config *config) {
    int live = SRTT_LIVE, packets = packets_held(config), failed = 0;
    failed |= srt_setsockflag(socket, SRTO_TRANSTYPE, &live, sizeof live);
    failed |= yes(socket, SRTO_RCVSYN, false) | yes(socket, SRTO_SNDSYN, false);
    failed |= yes(socket, SRTO_TLPKTDROP, true) | yes(socket, SRTO_ENFORCEDENCRYPTION, true);
    failed |= integer(socket, SRTO_PAYLOADSIZE, PAYLOAD) | integer(socket, SRTO_RCVLATENCY, config->latency_ms);
    failed |= integer(socket, SRTO_LOSSMAXTTL, REORDERED_MAX) | integer(socket, SRTO_MINVERSION, OLDEST_PEER);
    failed |= integer(socket, SRTO_PEERIDLETIMEO, config->idle_ms) | integer(socket, SRTO_CONNTIMEO, CONNECT_MS);
    failed |= integer(socket, SRTO_FC, packets) | integer(socket, SRTO_RCVBUF, packets * DATAGRAM);
    failed |= integer(socket, SRTO_UDP_RCVBUF, UDP_BUFFER_WANTED);
    if (config->key_length != 0) failed |= integer(socket, SRTO_PBKEYLEN, config->key_length);
    if (config->passphrases > 0)
        failed |= srt_setsockflag(socket, SRTO_PASSPHRASE, config->passphrase[0], (int)strlen(config->passphrase[0]));
    return failed == 0 ? 0 : -1;
}

static int failed(const char *code, const char *text) {
    char safe[256];
    text_json(text, safe, sizeof safe);
    frame_event(FRAME_MUST_ARRIVE, "{\"event\":\"failed\",\"code\":\"%s\",\"text\":\"%s\"}", code, safe);
    return -1;
}

struct addrinfo *socket_resolve(const struct config *config, const char **text) {
    struct addrinfo hints = {.ai_socktype = SOCK_DGRAM, .ai_flags = config->caller ? 0 : AI_PASSIVE}, *found;
    char port[8];
    snprintf(port, sizeof port, "%d", config->port);
    int code = getaddrinfo(config->host, port, &hints, &found);
    if (code == 0) return found;
    *text = code == EAI_SYSTEM ? strerror(errno) : gai_strerror(code);
    return NULL;
}

/* Our own, so that a port in use is an error (libsrt would share it) and the kernel's buffer can be read. */
static int udp_socket(const struct addrinfo *address) {
    int udp = socket(address->ai_family, SOCK_DGRAM | SOCK_CLOEXEC, IPPROTO_UDP), no = 0;
    if (udp < 0) return -1;
    if (address->ai_family == AF_INET6) setsockopt(udp, IPPROTO_IPV6, IPV6_V6ONLY, &no, sizeof no);
    if (bind(udp, address->ai_addr, address->ai_addrlen) == 0) return udp;
    int code = errno;
    close(udp);
    errno = code;
    return -1;
}

static void enlarge(int udp, struct bound *bound) {
    int wanted = UDP_BUFFER_WANTED, given = 0;
    socklen_t size = sizeof given;
    if (setsockopt(udp, SOL_SOCKET, SO_RCVBUFFORCE, &wanted, sizeof wanted) != 0)
        setsockopt(udp, SOL_SOCKET, SO_RCVBUF, &wanted, sizeof wanted);
    getsockopt(udp, SOL_SOCKET, SO_RCVBUF, &given, &size);
    bound->udp_buffer = given / 2; /* the kernel doubles it for its own bookkeeping: socket(7) */
}

int socket_listen(const struct config *config, struct bound *bound) {
    const char *text = NULL;
    struct addrinfo *address = socket_resolve(config, &text);
    if (address == NULL) return failed("host", text);
    int udp = udp_socket(address);
    freeaddrinfo(address);
    if (udp < 0) return failed(errno == EADDRINUSE ? "port-in-use" : "bind", strerror(errno));
    struct sockaddr_storage at;
    socklen_t size = sizeof at;
    getsockname(udp, (struct sockaddr *)&at, &size);
    bound->port = ntohs(at.ss_family == AF_INET ? ((struct sockaddr_in *)&at)->sin_port
                                                : ((struct sockaddr_in6 *)&at)->sin6_port);
    bound->socket = srt_create_socket();
    if (bound->socket == SRT_INVALID_SOCK || set_up(bound->socket, config) != 0 ||
        srt_bind_acquire(bound->socket, udp) != 0)
        return failed("srt", srt_getlasterror_str());
    enlarge(udp, bound); /* after libsrt, which sets it too */
    return 0;
}

SRTSOCKET socket_call(const struct config *config) {
    SRTSOCKET socket = srt_create_socket();
    if (socket == SRT_INVALID_SOCK) return socket;
    if (set_up(socket, config) == 0 &&
        (*config->stream_id == '\0' ||
         srt_setsockflag(socket, SRTO_STREAMID, config->stream_id, (int)strlen(config->stream_id)) == 0))
        return socket;
    srt_close(socket);
    return SRT_INVALID_SOCK;
}
