/* An adapter for `jotlab crosscheck`: it puts a C implementation behind the protocol xcheck/1.
 *
 *     cc -O2 adapter.c -lcrypto -o adapter && jotlab crosscheck run -- ./adapter
 *
 * Questions come on stdin and answers leave on stdout, one JSON object a line. As it stands it asks OpenSSL's
 * libcrypto (3.0 or newer). To check an implementation of your own, call it in the function of the
 * operation, and take out of `hello` what yours does not have. A function prints its answer; it returns
 * NULL, or why it could not answer. stdout belongs to the protocol: print to stderr.
 */
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- a line's members: requests are flat, so members of an object within the object count as members of
 * it, and a list is several values of one name. The texts lie in the line itself. ---- */

enum { MOST = 4096 };
static struct { char *name, *value; } members[MOST];
static int count;

/* Reads a text in place. No member of the operations below needs an escape beyond ASCII. */
static char *text(char **at) {
    char *start = ++*at, *to = start;
    for (; **at && **at != '"'; ++*at) {
        if (**at == '\\' && (*at)[1] == 'u') {
            unsigned unit = 0;
            sscanf(*at + 2, "%4x", &unit);
            *to++ = unit < 128 ? (char)unit : '?';
            *at += strnlen(*at + 1, 5);
        } else {
            if (**at == '\\' && (*at)[1]) ++*at;
            *to++ = **at;
        }
    }
    if (**at) ++*at;
    *to = 0;
    return start;
}

static void read_members(char *at) {
    char *name = "";
    for (count = 0; *at && count < MOST;) {
        if (strchr("{}[],: \t\r\n", *at)) {
            ++at;
        } else if (*at == '"') {
            char *value = text(&at);
            at += strspn(at, " ");
            if (*at == ':') name = value;
            else members[count].name = name, members[count++].value = value;
        } else {
            members[count].name = name, members[count++].value = at;
            at += strcspn(at, ",]} \t\r\n");
            if (*at) *at++ = 0;
        }
    }
}

static char *member(const char *name) {
    for (int i = 0; i < count; ++i)
        if (!strcmp(members[i].name, name)) return members[i].value;
    return NULL;
}

typedef struct { unsigned char *at; size_t length; } Bytes;

/* Bytes of hex, in the place of the text: no member is read twice. */
static Bytes unhex(char *hex) {
    Bytes bytes = {(unsigned char *)hex, hex ? strlen(hex) / 2 : 0};
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < bytes.length; ++i) {
        const char *high = strchr(digits, hex[2 * i]), *low = strchr(digits, hex[2 * i + 1]);
        bytes.at[i] = (unsigned char)((high ? high - digits : 0) << 4 | (low ? low - digits : 0));
    }
    return bytes;
}

static void print_hex(const char *name, const unsigned char *bytes, size_t length) {
    printf("\"ok\":{\"%s\":\"", name);
    for (size_t i = 0; i < length; ++i) {
        putchar("0123456789abcdef"[bytes[i] >> 4]);
        putchar("0123456789abcdef"[bytes[i] & 15]);
    }
    printf("\"}");
}

static void print_valid(int valid) {
    printf("\"ok\":{\"valid\":%s}", valid ? "true" : "false");
}

static const char *refuse(const char *code) {
    const char *why = ERR_reason_error_string(ERR_peek_last_error());
    printf("\"reject\":\"%s\",\"why\":\"%s\"", code, why ? why : "");
    return NULL;
}

/* ---- SHA-2 and HMAC: your own goes here ---- */

static const EVP_MD *hash_of(const char *alg) {
    static const char *names[] = {"SHA-224", "SHA-256", "SHA-384", "SHA-512", "SHA-512/224", "SHA-512/256"};
    const EVP_MD *hashes[] = {EVP_sha224(), EVP_sha256(),     EVP_sha384(),
                              EVP_sha512(), EVP_sha512_224(), EVP_sha512_256()};
    for (int i = 0; i < 6; ++i)
        if (alg && !strcmp(alg, names[i])) return hashes[i];
    return NULL;
}

static const char *sha2(const EVP_MD *hash) {
    static EVP_MD_CTX *context;
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned length;
    if (!context) context = EVP_MD_CTX_new();
    if (!EVP_DigestInit_ex(context, hash, NULL)) return "EVP_DigestInit_ex";
    if (member("repeat")) {
        static unsigned char piece[65536];
        Bytes given = unhex(member("repeat"));
        unsigned long long left = strtoull(member("bytes"), NULL, 10);
        if (!given.length || given.length > sizeof piece) return "a piece of no bytes, or too many";
        /* whole pieces, so that one of a byte is not slow */
        size_t whole = sizeof piece / given.length * given.length;
        for (size_t i = 0; i < whole; i += given.length) memcpy(piece + i, given.at, given.length);
        for (size_t now; left; left -= now) {
            now = left < whole ? left : whole;
            EVP_DigestUpdate(context, piece, now);
        }
    }
    for (int i = 0; i < count; ++i) {
        if (strcmp(members[i].name, "msg") && strcmp(members[i].name, "chunks")) continue;
        Bytes piece = unhex(members[i].value);
        EVP_DigestUpdate(context, piece.at, piece.length);
    }
    if (!EVP_DigestFinal_ex(context, digest, &length)) return "EVP_DigestFinal_ex";
    print_hex("md", digest, length);
    return NULL;
}

/* NIST's Monte Carlo chain (SHAVS section 6.4, ACVP's alternate variant). */
static const char *sha2_mct(const EVP_MD *hash) {
    Bytes seed = unhex(member("seed"));
    int alternate = !strcmp(member("variant"), "alternate");
    int outer = atoi(member("outer")), inner = atoi(member("inner"));
    size_t size = (size_t)EVP_MD_get_size(hash), length = alternate ? seed.length : 0;
    unsigned char *message = malloc(length + 3 * (seed.length + size)), *parts[3], digest[EVP_MAX_MD_SIZE];
    size_t lengths[3];
    for (int i = 0; i < 3; ++i) parts[i] = malloc(seed.length + size);
    printf("\"ok\":{\"mds\":[");
    for (int i = 0; i < outer; ++i) {
        for (int j = 0; j < 3; ++j) {
            lengths[j] = i ? size : seed.length;
            memcpy(parts[j], i ? digest : seed.at, lengths[j]);
        }
        for (int j = 0; j < inner; ++j) {
            size_t filled = 0;
            for (int k = 0; k < 3; filled += lengths[k++]) memcpy(message + filled, parts[k], lengths[k]);
            if (alternate && filled < length) memset(message + filled, 0, length - filled);
            EVP_Digest(message, alternate ? length : filled, digest, NULL, hash, NULL);
            unsigned char *oldest = parts[0];
            parts[0] = parts[1], parts[1] = parts[2], parts[2] = oldest;
            lengths[0] = lengths[1], lengths[1] = lengths[2], lengths[2] = size;
            memcpy(oldest, digest, size);
        }
        printf(i ? ",\"" : "\"");
        for (size_t j = 0; j < size; ++j) printf("%02x", digest[j]);
        putchar('"');
    }
    printf("]}");
    for (int i = 0; i < 3; ++i) free(parts[i]);
    free(message);
    return NULL;
}

/* The code, or its comparison with a tag that was received. */
static const char *mac(const EVP_MD *hash) {
    unsigned char code[EVP_MAX_MD_SIZE];
    unsigned length;
    int verify = !strcmp(member("op"), "hmac.verify");
    size_t wanted = member("tag_len") ? strtoul(member("tag_len"), NULL, 10) : EVP_MAX_MD_SIZE;
    Bytes key = unhex(member("key")), message = unhex(member("msg")), tag = unhex(member("tag"));
    if (!HMAC(hash, key.at, (int)key.length, message.at, message.length, code, &length)) return "HMAC";
    if (wanted > length) wanted = length;
    if (!verify) print_hex("tag", code, wanted);
    else print_valid(tag.length == wanted && !CRYPTO_memcmp(tag.at, code, wanted));
    return NULL;
}

/* ---- RSA ---- */

static EVP_PKEY *rsa_key(int selection) {
    static const char *names[][2] = {
        {"n", OSSL_PKEY_PARAM_RSA_N},          {"e", OSSL_PKEY_PARAM_RSA_E},
        {"d", OSSL_PKEY_PARAM_RSA_D},          {"p", OSSL_PKEY_PARAM_RSA_FACTOR1},
        {"q", OSSL_PKEY_PARAM_RSA_FACTOR2},    {"dp", OSSL_PKEY_PARAM_RSA_EXPONENT1},
        {"dq", OSSL_PKEY_PARAM_RSA_EXPONENT2}, {"qi", OSSL_PKEY_PARAM_RSA_COEFFICIENT1},
    };
    OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
    BIGNUM *numbers[8] = {0};
    for (int i = 0; i < 8; ++i) {
        if (!member(names[i][0])) continue;
        BN_hex2bn(&numbers[i], member(names[i][0]));
        OSSL_PARAM_BLD_push_BN(builder, names[i][1], numbers[i]);
    }
    OSSL_PARAM *parameters = OSSL_PARAM_BLD_to_param(builder);
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
    EVP_PKEY *key = NULL;
    EVP_PKEY_fromdata_init(context);
    EVP_PKEY_fromdata(context, &key, selection, parameters);
    EVP_PKEY_CTX_free(context);
    OSSL_PARAM_free(parameters);
    OSSL_PARAM_BLD_free(builder);
    for (int i = 0; i < 8; ++i) BN_clear_free(numbers[i]);
    return key;
}

static const char *rsa_sign(const EVP_MD *hash) {
    unsigned char signature[2048];
    size_t length = sizeof signature;
    EVP_PKEY *key = rsa_key(EVP_PKEY_KEYPAIR);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    Bytes message = unhex(member("msg"));
    int made = key && EVP_DigestSignInit(context, NULL, hash, NULL, key) == 1 &&
               EVP_DigestSign(context, signature, &length, message.at, message.length) == 1;
    if (made) print_hex("sig", signature, length);
    else refuse("key");
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(key);
    return NULL;
}

static const char *rsa_verify(const EVP_MD *hash) {
    EVP_PKEY *key = rsa_key(EVP_PKEY_PUBLIC_KEY);
    if (!key) return refuse("key");
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    Bytes message = unhex(member("msg")), signature = unhex(member("sig"));
    int valid = EVP_DigestVerifyInit(context, NULL, hash, NULL, key) == 1 &&
                EVP_DigestVerify(context, signature.at, signature.length, message.at, message.length) == 1;
    print_valid(valid);
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(key);
    return NULL;
}

/* ---- the protocol ---- */

#define ALL "[\"SHA-224\",\"SHA-256\",\"SHA-384\",\"SHA-512\",\"SHA-512/224\",\"SHA-512/256\"]"

static const char *hello(const EVP_MD *hash) {
    (void)hash;
    printf("\"ok\":{\"name\":\"c\",\"version\":\"%s\",\"protocol\":1,\"ops\":{"
           "\"sha2\":" ALL ",\"sha2.mct\":" ALL ",\"hmac\":" ALL ",\"hmac.verify\":" ALL
           ",\"rsa.pkcs1v15.sign\":" ALL ",\"rsa.pkcs1v15.verify\":" ALL "},"
           "\"limits\":{\"max_msg\":1073741824,\"rsa_bits\":[1024,16384]},\"window\":64,\"features\":[]}",
           OpenSSL_version(OPENSSL_VERSION));
    return NULL;
}

static const struct { const char *op; const char *(*function)(const EVP_MD *); } operations[] = {
    {"hello", hello}, {"sha2", sha2}, {"sha2.mct", sha2_mct}, {"hmac", mac}, {"hmac.verify", mac},
    {"rsa.pkcs1v15.sign", rsa_sign}, {"rsa.pkcs1v15.verify", rsa_verify},
};

static void answer(char *line) {
    read_members(line);
    const char *why = NULL, *op = member("op");
    const EVP_MD *hash = hash_of(member("alg"));
    size_t i = 0, last = sizeof operations / sizeof *operations;
    while (i < last && (!op || strcmp(op, operations[i].op))) ++i;
    ERR_clear_error();
    printf("{\"id\":%s,", member("id") ? member("id") : "0");
    if (i == last || (i && !hash)) printf("\"skip\":\"no such operation or algorithm\"");
    else if (count == MOST) printf("\"skip\":\"too many members\"");
    else if (member("bits")) printf("\"skip\":\"whole bytes only\"");
    else if ((why = operations[i].function(hash))) printf("\"error\":\"%s\"", why);
    printf("}\n");
}

int main(void) {
    static char out[1 << 16];
    size_t room = 1 << 18, filled = 0;
    char *lines = malloc(room);
    ssize_t got;
    setvbuf(stdout, out, _IOFBF, sizeof out);
    /* whatever is there is answered at once: no line waits for the next one */
    while (lines && (got = read(0, lines + filled, room - filled - 1)) > 0) {
        char *line = lines, *end;
        size_t before = filled;
        filled += (size_t)got;
        lines[filled] = 0;
        char *from = lines + before, *behind = lines + filled;
        for (; (end = memchr(from, '\n', (size_t)(behind - from))); from = line) {
            *end = 0;
            if (end > line) answer(line);
            line = end + 1;
        }
        fflush(stdout);
        filled -= (size_t)(line - lines);
        memmove(lines, line, filled);
        if (filled + 1 == room) lines = realloc(lines, room *= 2);
    }
    return 0;
}
