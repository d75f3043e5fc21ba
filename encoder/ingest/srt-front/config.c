#include "config.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool number(const char *text, int min, int max, int *result) {
    char *rest;
    errno = 0;
    long value = strtol(text, &rest, 10);
    if (errno != 0 || rest == text || *rest != '\0' || value < min || value > max) return false;
    *result = (int)value;
    return true;
}

static bool copy(char *to, size_t size, const char *from) {
    size_t length = strlen(from);
    if (length >= size) return false;
    memcpy(to, from, length + 1);
    return true;
}

static const char *set(struct config *config, const char *key, const char *value) {
    if (strcmp(key, "mode") == 0) {
        config->caller = strcmp(value, "caller") == 0;
        return config->caller || strcmp(value, "listener") == 0 ? NULL : "mode: allowed are listener and caller";
    }
    if (strcmp(key, "host") == 0)
        return *value != '\0' && copy(config->host, sizeof config->host, value) ? NULL
                                                                                : "host: 1 to 255 bytes are allowed";
    if (strcmp(key, "port") == 0)
        return number(value, 0, 65535, &config->port) ? NULL : "port: 0 to 65535 is allowed";
    if (strcmp(key, "latency-ms") == 0)
        return number(value, 20, 8000, &config->latency_ms) ? NULL : "latency-ms: 20 to 8000 is allowed";
    if (strcmp(key, "idle-ms") == 0)
        return number(value, 5000, 60000, &config->idle_ms) ? NULL : "idle-ms: 5000 to 60000 is allowed";
    if (strcmp(key, "stream-id") == 0)
        return copy(config->stream_id, sizeof config->stream_id, value) ? NULL : "stream-id: 512 bytes are allowed";
    if (strcmp(key, "key-length") == 0)
        return number(value, 16, 32, &config->key_length) && config->key_length % 8 == 0
                   ? NULL
                   : "key-length: 16, 24 and 32 are allowed";
    if (strcmp(key, "passphrase") == 0) {
        if (config->passphrases == PASSPHRASES_MAX) return "passphrase: two are allowed";
        if (strlen(value) < PASSPHRASE_MIN ||
            !copy(config->passphrase[config->passphrases], sizeof config->passphrase[0], value))
            return "passphrase: 10 to 79 bytes are allowed";
        config->passphrases++;
        return NULL;
    }
    return "a key that is not known";
}

static const char *parse(char *text, struct config *config) {
    char *rest;
    for (char *line = strtok_r(text, "\n", &rest); line != NULL; line = strtok_r(NULL, "\n", &rest)) {
        if (strcmp(line, "end") == 0) break;
        char *space = strchr(line, ' ');
        if (space == NULL) return "a line without a value";
        *space = '\0';
        const char *wrong = set(config, line, space + 1);
        if (wrong != NULL) return wrong;
    }
    if (*config->host == '\0') return "host: it is required";
    if (config->caller && config->port == 0) return "port: a caller needs 1 to 65535";
    return NULL;
}

const char *config_read(int fd, struct config *config) {
    static char text[4096];
    size_t length = 0;
    const char *wrong = "it ends before the line 'end'";
    *config = (struct config){.latency_ms = 120, .idle_ms = 5000};
    while (length < sizeof text - 1) {
        ssize_t got = read(fd, text + length, sizeof text - 1 - length);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) break;
        length += (size_t)got;
        text[length] = '\0';
        if (strstr(text, "\nend\n") != NULL) {
            wrong = parse(text, config);
            break;
        }
    }
    explicit_bzero(text, sizeof text);
    return wrong;
}
