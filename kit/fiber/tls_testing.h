// Certificates for tests, made when they are needed: of an authority of the test's own, for whom the test
// says.
#pragma once

#include <doctest/doctest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

namespace jebi::fiber {

class TestCertificates {
public:
    struct Files {
        std::string certificate;
        std::string key;
    };
    struct Wish {
        std::string names = "DNS:localhost,IP:127.0.0.1";
        long valid_from_s = -3600;  // from now
        long valid_until_s = 86'400;
        bool self_signed = false;
    };

    TestCertificates() {
        REQUIRE(::mkdtemp(folder_.data()) != nullptr);
        authority_ = signed_certificate(authority_name, *authority_key_, *authority_key_, {}, "CA:TRUE");
        write_certificate(roots(), *authority_);
    }
    ~TestCertificates() { std::filesystem::remove_all(folder_); }
    TestCertificates(const TestCertificates&) = delete;

    // The authority's own certificate: who has it trusts what is made here.
    std::string roots() const { return folder_ + "/roots.pem"; }
    std::string file(const std::string& name) const { return folder_ + "/" + name; }

    Files make(const std::string& name) { return make(name, Wish{}); }
    Files make(const std::string& name, const Wish& wish) {
        const auto key = new_key();
        EVP_PKEY& signer = wish.self_signed ? *key : *authority_key_;
        const auto certificate = signed_certificate(name, *key, signer, wish, "CA:FALSE");
        const Files files{file(name + ".pem"), file(name + ".key")};
        write_certificate(files.certificate, *certificate);
        const auto out = opened(files.key);
        REQUIRE(PEM_write_PrivateKey(out.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1);
        return files;
    }

private:
    struct Free {
        void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
        void operator()(X509* certificate) const { X509_free(certificate); }
        void operator()(X509_EXTENSION* extension) const { X509_EXTENSION_free(extension); }
        void operator()(std::FILE* file) const { std::fclose(file); }
    };
    template <typename T>
    using Owned = std::unique_ptr<T, Free>;

    static Owned<EVP_PKEY> new_key() {
        return Owned<EVP_PKEY>{EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256")};
    }

    static void name(X509_NAME& into, const std::string& text) {
        X509_NAME_add_entry_by_txt(&into, "CN", MBSTRING_UTF8,
                                   reinterpret_cast<const unsigned char*>(text.data()),
                                   static_cast<int>(text.size()), -1, 0);
    }

    static void extend(X509& certificate, int kind, const std::string& value) {
        const Owned<X509_EXTENSION> extension{X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str())};
        REQUIRE(extension);
        X509_add_ext(&certificate, extension.get(), -1);
    }

    Owned<X509> signed_certificate(const std::string& subject, EVP_PKEY& key, EVP_PKEY& signer,
                                   const Wish& wish, const std::string& constraints) {
        Owned<X509> certificate{X509_new()};
        X509_set_version(certificate.get(), X509_VERSION_3);
        ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), ++serial_);
        X509_gmtime_adj(X509_getm_notBefore(certificate.get()), wish.valid_from_s);
        X509_gmtime_adj(X509_getm_notAfter(certificate.get()), wish.valid_until_s);
        X509_set_pubkey(certificate.get(), &key);
        name(*X509_get_subject_name(certificate.get()), subject);
        name(*X509_get_issuer_name(certificate.get()), wish.self_signed ? subject : authority_name);
        extend(*certificate, NID_basic_constraints, "critical," + constraints);
        extend(*certificate, NID_subject_alt_name, wish.names);
        REQUIRE(X509_sign(certificate.get(), &signer, EVP_sha256()) > 0);
        return certificate;
    }

    static Owned<std::FILE> opened(const std::string& file) {
        Owned<std::FILE> out{std::fopen(file.c_str(), "w")};
        REQUIRE(out);
        return out;
    }
    static void write_certificate(const std::string& file, X509& certificate) {
        REQUIRE(PEM_write_X509(opened(file).get(), &certificate) == 1);
    }

    static constexpr const char* authority_name = "the test's authority";
    std::string folder_ = "/tmp/jebi-tls-XXXXXX";
    long serial_ = 0;
    Owned<EVP_PKEY> authority_key_ = new_key();
    Owned<X509> authority_;
};

}  // namespace jebi::fiber
