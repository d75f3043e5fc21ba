/*
 * srt-push: sends its standard input over SRT. For tests: unlike ffmpeg it takes the passphrase from a pipe, so
 * that a search of all command lines for it means something.
 *
 * Standard input: lines of `key value` up to the line `end`, then media to the end. Keys: mode (caller, listener),
 * host, port, latency-ms, stream-id, key-length, passphrase, mbps (the pace, in Mbit/s). Standard output: an event
 * in JSON a line: listening, connected, rejected, sent (all of it was acknowledged), broken.
 */
#include <arpa/inet.h>
#include <netdb.h>
#include <srt/srt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define PAYLOAD 1316
#define VALUE_MAX 600
#define FLUSH_MS 10000

enum key { MODE, HOST, PORT, LATENCY, STREAM_ID, KEY_LENGTH, PASSPHRASE, MBPS, KEYS };
static const char *names[KEYS] = {"mode", "host", "port", "latency-ms", "stream-id", "key-length", "passphrase", "mbps"};
static char values[KEYS][VALUE_MAX];

/* A byte at a time, for what follows is media. */
static bool line(char *to, size_t size) {
    size_t used = 0;
    while (used + 1 < size && read(STDIN_FILENO, to + used, 1) == 1) {
        if (to[used] == '\n') {
            to[used] = '\0';
            return true;
        }
        used++;
    }
    return false;
}

static bool configure(void) {
    char text[VALUE_MAX + 32];
    while (line(text, sizeof text)) {
        if (strcmp(text, "end") == 0) return true;
        char *space = strchr(text, ' ');
        if (space == NULL) return false;
        *space = '\0';
        for (int key = 0; key < KEYS; key++)
            if (strcmp(names[key], text) == 0) snprintf(values[key], VALUE_MAX, "%s", space + 1);
    }
    return false;
}

static void tell(const char *event, const char *more) {
    printf("{\"event\":\"%s\"%s}\n", event, more);
    fflush(stdout);
}

static void option(SRTSOCKET socket, SRT_SOCKOPT name, int value) { srt_setsockflag(socket, name, &value, sizeof value); }

static SRTSOCKET open_socket(bool caller) {
    SRTSOCKET socket = srt_create_socket();
    bool yes = true;
    option(socket, SRTO_TRANSTYPE, SRTT_LIVE);
    /* As ffmpeg does: a sender keeps its key length against what the listener advertises. */
    srt_setsockflag(socket, SRTO_SENDER, &yes, sizeof yes);
    option(socket, SRTO_PEERLATENCY, *values[LATENCY] ? atoi(values[LATENCY]) : 0);
    option(socket, SRTO_SNDDROPDELAY, -1);
    option(socket, SRTO_PEERIDLETIMEO, 2000);
    if (*values[KEY_LENGTH]) option(socket, SRTO_PBKEYLEN, atoi(values[KEY_LENGTH]));
    if (*values[PASSPHRASE]) srt_setsockflag(socket, SRTO_PASSPHRASE, values[PASSPHRASE], (int)strlen(values[PASSPHRASE]));
    if (caller && *values[STREAM_ID])
        srt_setsockflag(socket, SRTO_STREAMID, values[STREAM_ID], (int)strlen(values[STREAM_ID]));
    return socket;
}

static SRTSOCKET connected(const struct addrinfo *address) {
    char more[160];
    if (strcmp(values[MODE], "listener") != 0) {
        SRTSOCKET socket = open_socket(true);
        if (srt_connect(socket, address->ai_addr, (int)address->ai_addrlen) != SRT_ERROR) return socket;
        int code = srt_getrejectreason(socket);
        snprintf(more, sizeof more, ",\"code\":%d,\"text\":\"%s\"", code, srt_rejectreason_str(code));
        tell("rejected", more);
        return SRT_INVALID_SOCK;
    }
    SRTSOCKET listener = open_socket(false);
    struct sockaddr_storage at;
    int size = sizeof at;
    if (srt_bind(listener, address->ai_addr, (int)address->ai_addrlen) == SRT_ERROR ||
        srt_listen(listener, 1) == SRT_ERROR || srt_getsockname(listener, (struct sockaddr *)&at, &size) == SRT_ERROR)
        return SRT_INVALID_SOCK;
    snprintf(more, sizeof more, ",\"port\":%d", ntohs(((struct sockaddr_in *)&at)->sin_port));
    tell("listening", more);
    return srt_accept(listener, NULL, NULL);
}

static size_t fill(char *packet) {
    size_t used = 0;
    ssize_t got;
    while (used < PAYLOAD && (got = read(STDIN_FILENO, packet + used, PAYLOAD - used)) > 0) used += (size_t)got;
    return used;
}

/* Sleeps until the packet is due; a late one is sent at once and moves the schedule. */
static void pace(struct timespec *due, size_t bytes) {
    double mbps = atof(values[MBPS]);
    if (mbps <= 0) return;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    if (due->tv_sec == 0 || now.tv_sec - due->tv_sec > 1) *due = now;
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, due, NULL);
    due->tv_nsec += (long)((double)bytes * 8000 / mbps);
    if (due->tv_nsec >= 1000000000) {
        due->tv_nsec -= 1000000000;
        due->tv_sec++;
    }
}

static bool acknowledged(SRTSOCKET socket) {
    size_t blocks = 1;
    for (int ms = 0; ms < FLUSH_MS && blocks > 0; ms++) {
        if (srt_getsndbuffer(socket, &blocks, NULL) == SRT_ERROR) return false;
        usleep(1000);
    }
    return blocks == 0;
}

int main(void) {
    struct addrinfo hints = {.ai_socktype = SOCK_DGRAM, .ai_flags = AI_NUMERICHOST}, *address;
    struct timespec due = {0};
    char packet[PAYLOAD], more[64];
    long long sent = 0;
    size_t length;
    if (!configure() || getaddrinfo(values[HOST], values[PORT], &hints, &address) != 0) return 2;
    srt_setloglevel(2);
    srt_startup();
    SRTSOCKET socket = connected(address);
    if (socket == SRT_INVALID_SOCK) _exit(1);
    tell("connected", "");
    while ((length = fill(packet)) > 0) {
        pace(&due, length);
        if (srt_sendmsg(socket, packet, (int)length, -1, 1) == SRT_ERROR) {
            tell("broken", "");
            _exit(1);
        }
        sent += (long long)length;
    }
    bool all = acknowledged(socket);
    snprintf(more, sizeof more, ",\"bytes\":%lld", sent);
    tell(all ? "sent" : "broken", more);
    srt_close(socket);
    _exit(all ? 0 : 1);
}
