#include "kit/rpc/secret.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "kit/rpc/errors.h"
#include "kit/rpc/testing/socket_folder.h"

namespace jebi::rpc::testing {

namespace {

namespace fs = std::filesystem;

const std::string secret = "0123456789abcdefghijklmnopqrstuvwxyz";

// A secret's file, which goes away with the test.
struct File {
    SocketFolder folder;
    std::string path = folder.address("secret").substr(sizeof "unix:" - 1);

    explicit File(const std::string& content, fs::perms perms = fs::perms::owner_read) {
        std::ofstream{path} << content;
        fs::permissions(path, perms);
    }
};

SharedSecret shared(const std::string& content) {
    return SharedSecret::read(File{content}.path).value();
}

std::string refusal(const std::string& path) {
    const auto read = SharedSecret::read(path);
    REQUIRE_FALSE(read);
    CHECK(read.error().code == Code::invalid);
    CHECK(read.error().message.contains(path));
    CHECK(read.error().detail.empty());
    return read.error().message;
}

std::string refusal_of(const std::string& content) {
    const std::string message = refusal(File{content}.path);
    if (!content.empty()) CHECK_FALSE(message.contains(content));
    return message;
}

Result<void> checked(std::string_view authorization) {
    http::Request request;
    if (!authorization.empty()) request.fields.add("Authorization", authorization);
    return shared(secret).check(request);
}

}  // namespace

TEST_CASE("a secret is the file's content without one newline, and crosses as a bearer token") {
    CHECK(shared(secret).authorization() == "Bearer " + secret);
    CHECK(shared(secret + "\n").authorization() == "Bearer " + secret);
    CHECK(refusal_of(secret + "\n\n").contains("only letters"));
    for (const std::size_t size : {secret_bytes_min, secret_bytes_max})
        CHECK(shared(std::string(size, 'a') + "\n").authorization().size() == size + 7);
}

TEST_CASE("a file that is no secret is refused with what is wrong and what to do, and is not quoted") {
    CHECK(refusal("/nowhere/secret").contains("No such file"));
    CHECK(refusal("/tmp").contains("it is no file"));
    CHECK(refusal_of("").contains("32 to 4096"));
    CHECK(refusal_of(std::string(secret_bytes_min - 1, 'a')).contains("openssl rand"));
    CHECK(refusal_of(std::string(secret_bytes_max + 1, 'a')).contains("32 to 4096"));
    CHECK(refusal_of(std::string(secret_bytes_max + 1, 'a') + "\n").contains("32 to 4096"));
    CHECK(refusal_of(std::string(100'000, 'a')).contains("32 to 4096"));
    CHECK(refusal_of(secret + " " + secret).contains("only letters"));
    CHECK(refusal_of(secret + "\r").contains("only letters"));
    CHECK(refusal_of(secret + "\xff").contains("only letters"));
}

TEST_CASE("a secret that others than its owner may read or write is refused") {
    using enum fs::perms;
    for (const fs::perms more : {group_read, group_write, others_read, others_write}) {
        const File file{secret, owner_read | owner_write | more};
        CHECK(refusal(file.path).contains("chmod 600 " + file.path));
    }
    const File kept{secret, owner_read | owner_write};
    CHECK(SharedSecret::read(kept.path).has_value());
}

TEST_CASE("who brings the secret is let in, and nobody else") {
    for (const std::string scheme : {"Bearer ", "bearer ", "BEARER "})
        CHECK(checked(scheme + secret).has_value());
    for (const std::string& other :
         {std::string(), std::string("Bearer"), std::string("Bearer "), secret, "Basic " + secret,
          "Bearer " + secret.substr(1), "Bearer " + secret + "a", "Bearer  " + secret,
          "Bearer " + secret + " ", "Bearer" + secret, "Bearer " + std::string(secret.size(), '0')}) {
        CAPTURE(other);
        const auto known = checked(other);
        REQUIRE_FALSE(known);
        CHECK(known.error().code == Code::unauthenticated);
        CHECK(known.error().reason == not_let_in);
        CHECK_FALSE(known.error().message.contains(secret));
    }
}

TEST_CASE("a stranger is answered in Connect's form, and told which scheme is wanted") {
    const auto answer = answer_of_stranger(checked("").error());
    CHECK(answer.status == 401);
    CHECK(answer.fields.get("WWW-Authenticate") == "Bearer realm=\"jebi\"");
    const auto read = error_of(401, *answer.fields.get("Content-Type"), answer.body);
    CHECK(read.code == Code::unauthenticated);
    CHECK(read.reason == not_let_in);
}

}  // namespace jebi::rpc::testing
