#!/bin/sh
# An adapter for `jotlab crosscheck`: it puts a command behind the protocol xcheck/1.
#
#     jotlab crosscheck run -- sh adapter.sh
#
# Questions come on stdin and answers leave on stdout, one JSON object a line. As it stands it asks
# `openssl dgst`, with POSIX sh and awk around it. To check a command of your own, call it in `digest` and
# `mac`, and take out of `hello` what it does not have. stdout belongs to the protocol: print to stderr.
# A question costs some processes, so expect about a hundred a second; chunks are put together, since a
# command has only one input.

export LC_ALL=C

# ---- your own goes here: the message is on stdin, hex goes to stdout ----

digest() { # alg
    openssl dgst "-$1" -r | cut -d' ' -f1
}

mac() { # alg, key in hex
    # an empty key is refused on this command line, and RFC 2104 fills it with zeros anyway
    openssl dgst "-$1" -mac HMAC -macopt "hexkey:${2:-00}" -r | cut -d' ' -f1
}

# ---- the protocol ----

all='["SHA-224","SHA-256","SHA-384","SHA-512","SHA-512/224","SHA-512/256"]'

hello() {
    printf '"ok":{"name":"shell","version":"%s","protocol":1,"ops":{"sha2":%s,"hmac":%s},' \
        "$(openssl version)" "$all" "$all"
    printf '"limits":{"max_msg":65536,"rsa_bits":[1024,16384]},"window":64,"features":[]}'
}

# The member of that name of the line, into $value: questions are flat, hex needs no escapes, and jotlab
# writes no blanks around its colons.
member() {
    case $line in *"\"$1\":"*) ;; *) value= && return 1 ;; esac
    value=${line#*"\"$1\":"}
    value=${value# }
    case $value in
        \[*) value=$(printf '%s' "${value%%]*}" | tr -d '[", ') ;;
        \"*) value=${value#\"} && value=${value%%\"*} ;;
        *) value=${value%%[,\}]*} ;;
    esac
}

# The bytes of hex, or so many bytes of it again and again.
unhex() { # hex, bytes
    # shellcheck disable=SC2059 # a format of octal escapes is the one way to print a zero byte
    printf "$(printf '%s\n' "$1" | awk -v total="$2" '{
        for (length_of = length($0) / 2; total != "" && i < total || total == "" && i < length_of; i++) {
            high = index("0123456789abcdef", substr($0, i % length_of * 2 + 1, 1)) - 1
            low = index("0123456789abcdef", substr($0, i % length_of * 2 + 2, 1)) - 1
            printf "\\%03o", high * 16 + low
        }
    }')"
}

message() {
    if member repeat; then
        piece=$value
        member bytes
        unhex "$piece" "$value"
    else
        member msg || member chunks
        unhex "$value"
    fi
}

while IFS= read -r line; do
    member id && id=$value
    member op && op=$value
    member alg && alg=$(printf '%s' "$value" | sed 's/SHA-/sha/; s,/,-,')
    member bits && op="$op with bits"
    case $op in
        hello) answer=$(hello) ;;
        sha2) answer="\"ok\":{\"md\":\"$(message | digest "$alg")\"}" ;;
        hmac)
            member key && key=$value
            tag=$(message | mac "$alg" "$key")
            member tag_len && tag=$(printf '%s' "$tag" | cut -c "1-$((value * 2))")
            answer="\"ok\":{\"tag\":\"$tag\"}"
            ;;
        *) answer="\"skip\":\"no operation $op\"" ;;
    esac
    printf '{"id":%s,%s}\n' "$id" "$answer"
done
