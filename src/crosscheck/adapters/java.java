// An adapter for `jotlab crosscheck`: it puts a Java implementation behind the protocol xcheck/1.
//
//     jotlab crosscheck run -- java Adapter.java
//
// (Java 17 or newer compiles the one file as it starts it.) Questions come on stdin and answers leave on
// stdout, one JSON object a line. As it stands it asks the providers of the JDK. To check an implementation
// of your own, call it in the method of the operation, and take out of OPS what yours does not have. A
// method gives the members of "ok" as JSON, or throws Refused for an input that must be refused; any other
// exception is reported as an error. stdout belongs to the protocol: print to System.err.

import java.io.*;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.*;
import java.security.spec.*;
import java.util.*;
import javax.crypto.Mac;
import javax.crypto.SecretKey;

class Adapter {
    static final String ALL = "['SHA-224','SHA-256','SHA-384','SHA-512','SHA-512/224','SHA-512/256']";
    static final String OPS = ("{'sha2':ALL,'sha2.mct':ALL,'hmac':ALL,'hmac.verify':ALL,"
            + "'rsa.pkcs1v15.sign':ALL,'rsa.pkcs1v15.verify':ALL,'base64url.encode':[]}").replace("ALL", ALL);

    static String ok(Request r) throws Exception {
        return switch (r.text("op")) {
            case "hello" -> ("{'name':'java','version':'" + Runtime.version() + "','protocol':1,'ops':" + OPS
                    + ",'limits':{'max_msg':1073741824,'rsa_bits':[1024,16384]},'window':64,'features':[]}");
            case "sha2" -> sha2(r);
            case "sha2.mct" -> sha2Mct(r);
            case "hmac" -> "{'tag':'" + hex(tag(r)) + "'}";
            case "hmac.verify" -> "{'valid':" + MessageDigest.isEqual(tag(r), r.bytes("tag")) + "}";
            case "rsa.pkcs1v15.sign" -> rsaSign(r);
            case "rsa.pkcs1v15.verify" -> rsaVerify(r);
            case "base64url.encode" -> base64urlEncode(r);
            case "base64url.decode" -> base64urlDecode(r);
            default -> throw new Skipped("no operation " + r.text("op"));
        };
    }

    // ---- SHA-2 and HMAC: your own goes here ----

    static MessageDigest newHash(String alg) throws Exception {
        return MessageDigest.getInstance(alg);
    }

    static byte[] mac(String alg, byte[] key, byte[] message) throws Exception {
        Mac mac = Mac.getInstance("Hmac" + alg.replaceFirst("SHA-", "SHA"));
        mac.init(new RawKey(key));
        return mac.doFinal(message);
    }

    /** SecretKeySpec refuses a key of no bytes, Mac does not. */
    record RawKey(byte[] getEncoded) implements SecretKey {
        public byte[] getEncoded() { return getEncoded; }
        public String getAlgorithm() { return "HMAC"; }
        public String getFormat() { return "RAW"; }
    }

    // ---- the operations ----

    static String sha2(Request r) throws Exception {
        if (r.has("bits")) throw new Skipped("MessageDigest takes whole bytes");
        MessageDigest hash = newHash(r.text("alg"));
        if (r.has("repeat")) {
            byte[] piece = r.bytes("repeat");
            // whole pieces, so that one of a byte is not slow
            piece = HexFormat.of().parseHex(hex(piece).repeat(65536 / Math.max(piece.length, 1) + 1));
            for (long left = Long.parseLong(r.text("bytes")); left > 0; left -= piece.length) {
                hash.update(piece, 0, (int) Math.min(left, piece.length));
            }
        } else {
            for (String chunk : r.all(r.has("msg") ? "msg" : "chunks")) hash.update(unhex(chunk));
        }
        return "{'md':'" + hex(hash.digest()) + "'}";
    }

    /** NIST's Monte Carlo chain (SHAVS section 6.4, ACVP's alternate variant). */
    static String sha2Mct(Request r) throws Exception {
        byte[] start = r.bytes("seed");
        int length = start.length;
        StringJoiner digests = new StringJoiner("','", "{'mds':['", "']}");
        for (int i = 0; i < Integer.parseInt(r.text("outer")); i++) {
            byte[] a = start, b = start, c = start;
            for (int j = 0; j < Integer.parseInt(r.text("inner")); j++) {
                ByteArrayOutputStream message = new ByteArrayOutputStream();
                for (byte[] part : new byte[][] {a, b, c}) message.write(part);
                byte[] bytes = message.toByteArray();
                // cut or filled with zeros
                if (r.text("variant").equals("alternate")) bytes = Arrays.copyOf(bytes, length);
                a = b;
                b = c;
                c = newHash(r.text("alg")).digest(bytes);
            }
            digests.add(hex(c));
            start = c;
        }
        return digests.toString();
    }

    static byte[] tag(Request r) throws Exception {
        byte[] tag = mac(r.text("alg"), r.bytes("key"), r.bytes("msg"));
        int wanted = r.has("tag_len") ? Integer.parseInt(r.text("tag_len")) : tag.length;
        return Arrays.copyOf(tag, Math.min(wanted, tag.length));
    }

    static Signature rsa(Request r) throws Exception {
        return Signature.getInstance(r.text("alg").replaceFirst("SHA-", "SHA") + "withRSA");
    }

    static String rsaSign(Request r) throws Exception {
        KeySpec spec = r.has("p")
                ? new RSAPrivateCrtKeySpec(r.integer("n"), r.integer("e"), r.integer("d"), r.integer("p"),
                        r.integer("q"), r.integer("dp"), r.integer("dq"), r.integer("qi"))
                : new RSAPrivateKeySpec(r.integer("n"), r.integer("d"));
        Signature signature = rsa(r);
        try {
            signature.initSign(KeyFactory.getInstance("RSA").generatePrivate(spec));
            signature.update(r.bytes("msg"));
            return "{'sig':'" + hex(signature.sign()) + "'}";
        } catch (InvalidKeySpecException | InvalidKeyException error) {
            throw new Refused("key", error);
        }
    }

    static String rsaVerify(Request r) throws Exception {
        Signature signature = rsa(r);
        try {
            KeySpec spec = new RSAPublicKeySpec(r.integer("n"), r.integer("e"));
            signature.initVerify(KeyFactory.getInstance("RSA").generatePublic(spec));
        } catch (InvalidKeySpecException | InvalidKeyException error) {
            throw new Refused("key", error);
        }
        signature.update(r.bytes("msg"));
        try {
            return "{'valid':" + signature.verify(r.bytes("sig")) + "}";
        } catch (SignatureException error) {
            throw new Refused("signature", error); // such as one of another length
        }
    }

    static String base64urlEncode(Request r) {
        return "{'text':'" + Base64.getUrlEncoder().withoutPadding().encodeToString(r.bytes("data")) + "'}";
    }

    /**
     * For a decoder of your own: put it here and 'base64url.decode':[] into OPS. It is left out because
     * java.util.Base64 takes padding and does not look at the last bits: checks here would test the adapter.
     */
    static String base64urlDecode(Request r) throws Refused {
        try {
            return "{'data':'" + hex(Base64.getUrlDecoder().decode(r.text("text"))) + "'}";
        } catch (IllegalArgumentException error) {
            throw new Refused("malformed", error);
        }
    }

    // ---- the protocol ----

    /** The input is refused: the right answer to a bad one. */
    static class Refused extends Exception {
        final String code;

        Refused(String code, Exception why) {
            super(why.getMessage());
            this.code = code;
        }
    }

    /** This cannot be asked here, although the operation was declared. */
    static class Skipped extends Exception {
        Skipped(String why) { super(why); }
    }

    static String answer(String line) {
        Request r = new Request(line);
        String id = "{\"id\":" + r.text("id");
        try {
            // no value here has a quote of its own
            return id + ",\"ok\":" + ok(r).replace('\'', '"') + "}";
        } catch (Refused refused) {
            String why = quoted(refused.getMessage());
            return id + ",\"reject\":" + quoted(refused.code) + ",\"why\":" + why + "}";
        } catch (Skipped skipped) {
            return id + ",\"skip\":" + quoted(skipped.getMessage()) + "}";
        } catch (Exception error) {
            return id + ",\"error\":" + quoted(error.toString()) + "}";
        }
    }

    static String quoted(String text) {
        return '"' + String.valueOf(text).replaceAll("[^ -~]|[\"\\\\]", "?") + '"';
    }

    static String hex(byte[] bytes) { return HexFormat.of().formatHex(bytes); }

    static byte[] unhex(String text) { return HexFormat.of().parseHex(text); }

    /**
     * The members of a line. The JDK reads no JSON, and requests are flat: members of an object within the
     * object count as members of it, and a list is several values of one name.
     */
    static class Request {
        private final Map<String, List<String>> members = new HashMap<>();
        private final String line;
        private int at;

        Request(String line) {
            this.line = line;
            String name = "";
            while (at < line.length()) {
                char c = line.charAt(at);
                if ("{}[],: \t\r".indexOf(c) >= 0) {
                    at++;
                    continue;
                }
                String value = c == '"' ? string() : word();
                while (at < line.length() && line.charAt(at) == ' ') at++;
                if (c == '"' && at < line.length() && line.charAt(at) == ':') {
                    name = value;
                    members.put(name, new ArrayList<>());
                } else {
                    members.computeIfAbsent(name, n -> new ArrayList<>()).add(value);
                }
            }
        }

        private String string() {
            StringBuilder text = new StringBuilder();
            for (at++; line.charAt(at) != '"'; at++) {
                char c = line.charAt(at);
                if (c == '\\') {
                    c = line.charAt(++at);
                    if (c == 'u') {
                        c = (char) Integer.parseInt(line.substring(at + 1, at + 5), 16);
                        at += 4;
                    } else if ("bfnrt".indexOf(c) >= 0) {
                        c = "\b\f\n\r\t".charAt("bfnrt".indexOf(c));
                    }
                }
                text.append(c);
            }
            at++;
            return text.toString();
        }

        private String word() {
            int start = at;
            while (at < line.length() && ",]} \t\r".indexOf(line.charAt(at)) < 0) at++;
            return line.substring(start, at);
        }

        boolean has(String name) { return members.containsKey(name); }

        List<String> all(String name) { return members.getOrDefault(name, List.of()); }

        String text(String name) {
            if (all(name).isEmpty()) throw new NoSuchElementException("no member " + name);
            return all(name).get(0);
        }

        byte[] bytes(String name) { return unhex(text(name)); }

        BigInteger integer(String name) { return new BigInteger(text(name), 16); }
    }

    public static void main(String[] arguments) throws IOException {
        BufferedReader in = new BufferedReader(
                new InputStreamReader(System.in, StandardCharsets.UTF_8), 1 << 16);
        Writer out = new BufferedWriter(new OutputStreamWriter(
                new FileOutputStream(FileDescriptor.out), StandardCharsets.UTF_8), 1 << 16);
        for (String line; (line = in.readLine()) != null; ) {
            if (!line.isBlank()) out.write(answer(line) + "\n");
            // no answer waits for the next question
            if (!in.ready()) out.flush();
        }
        out.flush();
    }
}
