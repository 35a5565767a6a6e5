// An adapter for `jotlab crosscheck`: it puts a Go implementation behind the protocol xcheck/1.
//
//	jotlab crosscheck run -- go run adapter.go
//
// Questions come on stdin and answers leave on stdout, one JSON object a line. As it stands it asks the
// standard library. To check an implementation of your own, call it in the function of the operation, and
// take out of the map `ops` what yours does not have. A function gives the members of "ok"; an error made
// by refused() is a refusal (the right answer to a bad input), any other one a breakdown. stdout belongs
// to the protocol: print to stderr.
package main

import (
	"bufio"
	"bytes"
	"crypto"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	_ "crypto/sha256"
	_ "crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"math/big"
	"os"
	"runtime"
)

// Bytes are hex on the wire.
type Bytes []byte

func (b *Bytes) UnmarshalText(text []byte) error {
	*b = make([]byte, hex.DecodedLen(len(text)))
	_, err := hex.Decode(*b, text)
	return err
}

// Request has the members of all operations.
type Request struct {
	ID           uint64
	Op, Alg      string
	Msg          Bytes
	Repeat       Bytes
	Bytes        uint64
	Chunks       []Bytes
	Bits         *uint64
	Seed         Bytes
	Variant      string
	Outer, Inner int
	Key          json.RawMessage // hex, an object or text, by the operation
	Tag          Bytes
	TagLen       *int `json:"tag_len"`
	Sig          Bytes
	Data         Bytes
	Text         string
}

type members = map[string]any

type refusal struct{ code, why string }

func (r refusal) Error() string { return r.code }

func refused(code string, err error) error { return refusal{code, err.Error()} }

type skip string

func (s skip) Error() string { return string(s) }

// ---- SHA-2 and HMAC: your own goes here ----

var hashes = map[string]crypto.Hash{
	"SHA-224": crypto.SHA224, "SHA-256": crypto.SHA256, "SHA-384": crypto.SHA384, "SHA-512": crypto.SHA512,
	"SHA-512/224": crypto.SHA512_224, "SHA-512/256": crypto.SHA512_256,
}

func newHash(alg string) hash.Hash { return hashes[alg].New() }

func mac(alg string, key, message []byte) []byte {
	m := hmac.New(hashes[alg].New, key)
	m.Write(message)
	return m.Sum(nil)
}

// ---- the operations ----

func sha2(r *Request) (members, error) {
	if r.Bits != nil {
		return nil, skip("crypto takes whole bytes")
	}
	h := newHash(r.Alg)
	h.Write(r.Msg)
	for _, chunk := range r.Chunks {
		h.Write(chunk)
	}
	if len(r.Repeat) > 0 {
		// whole pieces, so that one of a byte is not slow
		piece := bytes.Repeat(r.Repeat, (65535+len(r.Repeat))/len(r.Repeat))
		for left := r.Bytes; left > 0; {
			if left < uint64(len(piece)) {
				piece = piece[:left]
			}
			h.Write(piece)
			left -= uint64(len(piece))
		}
	}
	return members{"md": hex.EncodeToString(h.Sum(nil))}, nil
}

// NIST's Monte Carlo chain (SHAVS section 6.4, ACVP's alternate variant).
func sha2MCT(r *Request) (members, error) {
	start, mds := []byte(r.Seed), []string{}
	for i := 0; i < r.Outer; i++ {
		a, b, c := start, start, start
		for j := 0; j < r.Inner; j++ {
			message := bytes.Join([][]byte{a, b, c}, nil)
			if r.Variant == "alternate" {
				// filled with zeros, then cut
				message = append(message, make([]byte, len(r.Seed))...)[:len(r.Seed)]
			}
			h := newHash(r.Alg)
			h.Write(message)
			a, b, c = b, c, h.Sum(nil)
		}
		mds = append(mds, hex.EncodeToString(c))
		start = c
	}
	return members{"mds": mds}, nil
}

func tagOf(r *Request) ([]byte, error) {
	var key Bytes
	if err := json.Unmarshal(r.Key, &key); err != nil {
		return nil, err
	}
	tag := mac(r.Alg, key, r.Msg)
	if r.TagLen != nil && *r.TagLen < len(tag) {
		tag = tag[:*r.TagLen]
	}
	return tag, nil
}

func hmacTag(r *Request) (members, error) {
	tag, err := tagOf(r)
	return members{"tag": hex.EncodeToString(tag)}, err
}

func hmacVerify(r *Request) (members, error) {
	tag, err := tagOf(r)
	return members{"valid": hmac.Equal(tag, r.Tag)}, err
}

// Without primes crypto/rsa signs all the same: suites have keys of n, e and d only.
func rsaKey(r *Request) (*rsa.PrivateKey, error) {
	var texts map[string]string
	if err := json.Unmarshal(r.Key, &texts); err != nil {
		return nil, err
	}
	numbers := map[string]*big.Int{}
	for name, text := range texts {
		number, ok := new(big.Int).SetString(text, 16)
		if !ok {
			return nil, fmt.Errorf("key.%s is no hex", name)
		}
		numbers[name] = number
	}
	if !numbers["e"].IsInt64() || int64(int(numbers["e"].Int64())) != numbers["e"].Int64() {
		return nil, refusal{"key", "crypto/rsa has an int for e"}
	}
	public := rsa.PublicKey{N: numbers["n"], E: int(numbers["e"].Int64())}
	key := &rsa.PrivateKey{PublicKey: public, D: numbers["d"]}
	if numbers["p"] != nil {
		key.Primes = []*big.Int{numbers["p"], numbers["q"]}
		if err := key.Validate(); err != nil {
			return nil, refused("key", err)
		}
		key.Precompute() // dp, dq and qi are computed, not taken
	}
	return key, nil
}

func digest(r *Request) (crypto.Hash, []byte) {
	h := newHash(r.Alg)
	h.Write(r.Msg)
	return hashes[r.Alg], h.Sum(nil)
}

func rsaSign(r *Request) (members, error) {
	key, err := rsaKey(r)
	if err != nil {
		return nil, err
	}
	hash, digest := digest(r)
	signature, err := rsa.SignPKCS1v15(rand.Reader, key, hash, digest)
	if err != nil {
		return nil, refused("key", err)
	}
	return members{"sig": hex.EncodeToString(signature)}, nil
}

func rsaVerify(r *Request) (members, error) {
	key, err := rsaKey(r)
	if err != nil {
		return nil, err
	}
	hash, digest := digest(r)
	switch err := rsa.VerifyPKCS1v15(&key.PublicKey, hash, digest, r.Sig); err {
	case nil, rsa.ErrVerification:
		return members{"valid": err == nil}, nil
	default:
		return nil, refused("key", err)
	}
}

func base64urlEncode(r *Request) (members, error) {
	return members{"text": base64.RawURLEncoding.EncodeToString(r.Data)}, nil
}

// For a decoder of your own: put it here and "base64url.decode" into `ops`. It is left out because even the
// strict decoder of encoding/base64 passes over CR and LF: a check here would test the adapter.
func base64urlDecode(r *Request) (members, error) {
	data, err := base64.RawURLEncoding.Strict().DecodeString(r.Text)
	if err != nil {
		return nil, refused("malformed", err)
	}
	return members{"data": hex.EncodeToString(data)}, nil
}

var (
	all = []string{"SHA-224", "SHA-256", "SHA-384", "SHA-512", "SHA-512/224", "SHA-512/256"}
	// crypto/rsa has the last two from Go 1.24 on
	signing = []string{"SHA-224", "SHA-256", "SHA-384", "SHA-512"}
	ops     = map[string][]string{
		"sha2": all, "sha2.mct": all, "hmac": all, "hmac.verify": all,
		"rsa.pkcs1v15.sign": signing, "rsa.pkcs1v15.verify": signing,
		"base64url.encode": {},
	}
	functions = map[string]func(*Request) (members, error){
		"sha2": sha2, "sha2.mct": sha2MCT, "hmac": hmacTag, "hmac.verify": hmacVerify,
		"rsa.pkcs1v15.sign": rsaSign, "rsa.pkcs1v15.verify": rsaVerify,
		"base64url.encode": base64urlEncode, "base64url.decode": base64urlDecode,
	}
)

// ---- the protocol ----

func hello() members {
	return members{
		"name": "go", "version": runtime.Version(), "protocol": 1, "ops": ops,
		"limits": members{"max_msg": 1 << 30, "rsa_bits": []int{1024, 16384}},
		"window": 64, "features": []string{},
	}
}

func answer(line []byte) (result members) {
	var r Request
	if err := json.Unmarshal(line, &r); err != nil {
		return members{"id": r.ID, "error": err.Error()}
	}
	if r.Op == "hello" {
		return members{"id": r.ID, "ok": hello()}
	}
	function := functions[r.Op]
	if function == nil {
		return members{"id": r.ID, "skip": "no operation " + r.Op}
	}
	defer func() {
		if problem := recover(); problem != nil {
			result = members{"id": r.ID, "error": fmt.Sprint("panic: ", problem)}
		}
	}()
	ok, err := function(&r)
	switch err := err.(type) {
	case nil:
		return members{"id": r.ID, "ok": ok}
	case refusal:
		return members{"id": r.ID, "reject": err.code, "why": err.why}
	case skip:
		return members{"id": r.ID, "skip": string(err)}
	default:
		return members{"id": r.ID, "error": err.Error()}
	}
}

func main() {
	in, out := bufio.NewReaderSize(os.Stdin, 1<<18), bufio.NewWriterSize(os.Stdout, 1<<16)
	answers := json.NewEncoder(out) // a line for each
	for {
		line, err := in.ReadBytes('\n')
		if len(bytes.TrimSpace(line)) > 0 {
			answers.Encode(answer(line))
		}
		// no answer waits for the next question
		if in.Buffered() == 0 || err != nil {
			out.Flush()
		}
		if err != nil {
			return
		}
	}
}
