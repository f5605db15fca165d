#include "kit/fiber/tls.h"

#include <fcntl.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>

#include "kit/base/clock.h"
#include "kit/fiber/descriptor.h"
#include "kit/fiber/tls_session.h"

namespace jebi::fiber {

namespace {

constexpr const char* ciphers_of_1_2 = "ECDHE+AESGCM:ECDHE+CHACHA20";
constexpr std::string_view alpn{"\x08http/1.1"};

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

int number_of(BIO* bio) {
    return static_cast<int>(reinterpret_cast<std::intptr_t>(BIO_get_data(bio)));
}

// OpenSSL's own reader and writer of sockets would raise SIGPIPE when the other side has gone.
int write_bytes(BIO* bio, const char* bytes, int size) {
    BIO_clear_retry_flags(bio);
    const auto count =
        ::send(number_of(bio), bytes, static_cast<std::size_t>(size), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) BIO_set_retry_write(bio);
    return static_cast<int>(count);
}

int read_bytes(BIO* bio, char* into, int size) {
    BIO_clear_retry_flags(bio);
    const auto count = ::recv(number_of(bio), into, static_cast<std::size_t>(size), MSG_DONTWAIT);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) BIO_set_retry_read(bio);
    return static_cast<int>(count);
}

long control(BIO*, int command, long, void*) {
    return command == BIO_CTRL_FLUSH ? 1 : 0;
}

// Nobody is there to type a passphrase.
int no_passphrase(char*, int, int, void*) {
    return -1;
}

std::string reason_of_library() {
    const unsigned long number = ERR_peek_error();
    const char* const reason = number == 0 ? nullptr : ERR_reason_error_string(number);
    return reason == nullptr ? "the other side is gone" : reason;
}

int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* size, const unsigned char* offered,
                    unsigned offered_size, void*) {
    unsigned char* found = nullptr;
    const int status = SSL_select_next_proto(&found, size, bytes_of(alpn), static_cast<unsigned>(alpn.size()),
                                             offered, offered_size);
    *chosen = found;
    return status == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

std::unexpected<Error> refuse(std::string what, std::string_view why, std::string_view hint) {
    return fail(Code::invalid, std::move(what) + ": " + std::string(why) + ". " + std::string(hint));
}

// OpenSSL tells a file that is not there from one that is no PEM only in its own words.
Result<void> check_readable(const std::string& what, const std::string& file) {
    const Descriptor descriptor{::open(file.c_str(), O_RDONLY | O_CLOEXEC)};
    char first = 0;
    const auto count = descriptor ? ::read(descriptor.number(), &first, 1) : -1;
    if (count == 1) return {};
    return refuse("Cannot read the " + what + " " + file, count == 0 ? "it is empty" : reason_of(errno),
                  "Name a PEM file that this user may read.");
}

Result<void> use_certificate(SSL_CTX* context, const std::string& file) {
    TRY_VOID(check_readable("certificate", file));
    ERR_clear_error();
    if (SSL_CTX_use_certificate_chain_file(context, file.c_str()) == 1) return {};
    return refuse("Cannot use the certificate " + file, reason_of_library(),
                  "It has to be PEM: \"-----BEGIN CERTIFICATE-----\", the server's own first.");
}

Result<void> use_key(SSL_CTX* context, const std::string& file, const std::string& certificate_file) {
    TRY_VOID(check_readable("key", file));
    ERR_clear_error();
    if (SSL_CTX_use_PrivateKey_file(context, file.c_str(), SSL_FILETYPE_PEM) == 1) return {};
    if (ERR_GET_REASON(ERR_peek_last_error()) == X509_R_KEY_VALUES_MISMATCH ||
        ERR_GET_REASON(ERR_peek_last_error()) == X509_R_KEY_TYPE_MISMATCH)
        return refuse("The key " + file + " and the certificate " + certificate_file,
                      "they do not belong together", "Name the key that the certificate was made for.");
    return refuse("Cannot use the key " + file, reason_of_library(),
                  "It has to be PEM, \"-----BEGIN PRIVATE KEY-----\", and without a passphrase.");
}

std::vector<std::string> warnings_about(SSL_CTX* context, const std::string& file) {
    const X509* const certificate = SSL_CTX_get0_certificate(context);
    if (X509_cmp_current_time(X509_get0_notAfter(certificate)) < 0)
        return {"The certificate " + file + " has expired: browsers and apps will refuse to connect."};
    if (X509_cmp_current_time(X509_get0_notBefore(certificate)) > 0)
        return {"The certificate " + file + " is not valid yet: browsers and apps will refuse to connect."};
    return {};
}

bool is_address(const std::string& host) {
    ASN1_OCTET_STRING* const address = a2i_IPADDRESS(host.c_str());
    ASN1_OCTET_STRING_free(address);
    return address != nullptr;
}

void expect_host(SSL* ssl, const std::string& host) {
    if (is_address(host)) {
        X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host.c_str());
        return;
    }
    SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, const_cast<char*>(host.c_str()));
    SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    SSL_set1_host(ssl, host.c_str());
}

}  // namespace

struct TlsContext {
    explicit TlsContext(const SSL_METHOD* method)
        : context(SSL_CTX_new(method)), bio_method(BIO_meth_new(BIO_TYPE_SOURCE_SINK, "jebi's socket")) {
        if (context == nullptr || bio_method == nullptr) throw std::bad_alloc{};
        SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
        SSL_CTX_set_cipher_list(context, ciphers_of_1_2);
        SSL_CTX_set_options(context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
        SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                      SSL_MODE_RELEASE_BUFFERS);
        SSL_CTX_set_default_passwd_cb(context, no_passphrase);
        BIO_meth_set_write(bio_method, write_bytes);
        BIO_meth_set_read(bio_method, read_bytes);
        BIO_meth_set_ctrl(bio_method, control);
    }
    ~TlsContext() {
        SSL_CTX_free(context);
        BIO_meth_free(bio_method);
    }
    TlsContext(const TlsContext&) = delete;

    SSL_CTX* context;
    BIO_METHOD* bio_method;
};

Result<TlsServer> TlsServer::load(const std::string& certificate_file, const std::string& key_file) {
    const auto context = std::make_shared<TlsContext>(TLS_server_method());
    TRY_VOID(use_certificate(context->context, certificate_file));
    TRY_VOID(use_key(context->context, key_file, certificate_file));
    SSL_CTX_set_alpn_select_cb(context->context, choose_protocol, nullptr);
    TlsServer server;
    server.warnings_ = warnings_about(context->context, certificate_file);
    server.context_ = context;
    return server;
}

Result<TlsClient> TlsClient::open(const std::string& roots_file) {
    const auto context = std::make_shared<TlsContext>(TLS_client_method());
    SSL_CTX_set_verify(context->context, SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_alpn_protos(context->context, bytes_of(alpn), static_cast<unsigned>(alpn.size()));
    ERR_clear_error();
    if (roots_file.empty()) {
        SSL_CTX_set_default_verify_paths(context->context);
    } else {
        TRY_VOID(check_readable("certificates", roots_file));
        if (SSL_CTX_load_verify_file(context->context, roots_file.c_str()) != 1)
            return refuse("Cannot use the certificates " + roots_file, reason_of_library(),
                          "They have to be PEM: \"-----BEGIN CERTIFICATE-----\".");
    }
    TlsClient client;
    client.context_ = context;
    return client;
}

TlsSession::TlsSession(std::shared_ptr<const TlsContext> context, int descriptor)
    : context_(std::move(context)), ssl_(SSL_new(context_->context)) {
    BIO* const bio = ssl_ == nullptr ? nullptr : BIO_new(context_->bio_method);
    if (bio == nullptr) {
        SSL_free(ssl_);
        throw std::bad_alloc{};
    }
    BIO_set_data(bio, reinterpret_cast<void*>(static_cast<std::intptr_t>(descriptor)));
    BIO_set_init(bio, 1);
    SSL_set_bio(ssl_, bio, bio);
}

TlsSession::TlsSession(const TlsServer& server, int descriptor) : TlsSession(server.context_, descriptor) {
    SSL_set_accept_state(ssl_);
}

TlsSession::TlsSession(const TlsClient& client, const std::string& host, int descriptor)
    : TlsSession(client.context_, descriptor) {
    SSL_set_connect_state(ssl_);
    expect_host(ssl_, host);
}

TlsSession::~TlsSession() {
    SSL_free(ssl_);
}

// The library's list of errors belongs to the thread, and is read before anybody else's turn.
TlsStep TlsSession::step_of(int status) const {
    switch (SSL_get_error(ssl_, status)) {
        case SSL_ERROR_NONE:
        case SSL_ERROR_ZERO_RETURN:
            return {};
        case SSL_ERROR_WANT_READ:
            return {.next = TlsStep::Next::wait_readable};
        case SSL_ERROR_WANT_WRITE:
            return {.next = TlsStep::Next::wait_writable};
        default:
            return {.next = TlsStep::Next::failed, .why = reason_of_library()};
    }
}

TlsStep TlsSession::handshake() {
    ERR_clear_error();
    const int status = SSL_do_handshake(ssl_);
    TlsStep step = step_of(status);
    // "Finished" before the handshake was: the other side has left in the middle of it.
    if (status != 1 && step.next == TlsStep::Next::done) step = {TlsStep::Next::failed, 0, "closed"};
    return step;
}

TlsStep TlsSession::read(std::span<char> into) {
    ERR_clear_error();
    std::size_t count = 0;
    TlsStep step = step_of(SSL_read_ex(ssl_, into.data(), into.size(), &count));
    step.count = count;
    return step;
}

TlsStep TlsSession::write(std::string_view bytes) {
    ERR_clear_error();
    std::size_t count = 0;
    TlsStep step = step_of(SSL_write_ex(ssl_, bytes.data(), bytes.size(), &count));
    step.count = count;
    if (count == 0 && step.next == TlsStep::Next::done) step = {TlsStep::Next::failed, 0, "closed"};
    return step;
}

void TlsSession::finish_writing() {
    ERR_clear_error();
    SSL_shutdown(ssl_);
}

std::string TlsSession::distrust() const {
    const long result = SSL_get_verify_result(ssl_);
    return result == X509_V_OK ? "" : X509_verify_cert_error_string(result);
}

}  // namespace jebi::fiber
