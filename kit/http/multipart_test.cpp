#include "kit/http/multipart.h"

#include <doctest/doctest.h>

#include <random>

#include "kit/http/http_testing.h"

using namespace jebi;
using namespace jebi::http;

namespace {

struct Form {
    std::string type = "multipart/form-data; boundary=xYz";
    std::string body;
    MultipartLimits limits{};

    Result<Multipart> read() const {
        Request request{.method = Method::post, .body = body};
        request.fields.add("Content-Type", type);
        return multipart_from(request, limits);
    }
    std::string why() const {
        const auto form = read();
        return form ? "it was read" : form.error().message;
    }
};

std::string part(const std::string& disposition, const std::string& bytes, const std::string& more = {}) {
    return "--xYz\r\nContent-Disposition: form-data; " + disposition + "\r\n" + more + "\r\n" + bytes +
           "\r\n";
}

const std::string end = "--xYz--\r\n";

}  // namespace

TEST_CASE("texts and files are read as a browser sends them") {
    const Form form{.body = part("name=\"display_name\"", "제비") +
                            part("name=\"avatar\"; filename=\"나.png\"", std::string("\x89PNG\r\n\0\xff", 8),
                                 "Content-Type: image/png\r\n") +
                            part("name=\"empty\"; filename=\"\"", "") + end};
    const auto read = form.read().value();
    REQUIRE(read.parts.size() == 3);
    CHECK(read.form().get("display_name") == "제비");
    CHECK(read.form().list.size() == 1);
    const Part* const avatar = read.file("avatar");
    REQUIRE(avatar != nullptr);
    CHECK(avatar->file_name == "나.png");
    CHECK(avatar->content_type == "image/png");
    CHECK(avatar->bytes == std::string_view("\x89PNG\r\n\0\xff", 8));
    CHECK(read.file("empty") == nullptr);
    CHECK(read.file("display_name") == nullptr);
}

TEST_CASE("a form without parts is one, and the last line end may be missing") {
    CHECK(Form{.body = "--xYz--"}.read().value().parts.empty());
    CHECK(Form{.body = end}.read().value().parts.empty());
}

TEST_CASE("boundaries may be quoted, and have what RFC 2046 allows") {
    const auto with = [](const std::string& boundary, const std::string& written) {
        return Form{.type = "Multipart/Form-Data;charset=utf-8; boundary=" + written,
                    .body = "--" + boundary + "\r\nContent-Disposition: form-data; name=a\r\n\r\nb\r\n--" +
                            boundary + "--"};
    };
    CHECK(with("a b'()+_,-./:=?", "\"a b'()+_,-./:=?\"").read());
    CHECK(with("----WebKitFormBoundaryAbc", "----WebKitFormBoundaryAbc").read());
    CHECK_FALSE(with("a ", "\"a \"").read());
    CHECK_FALSE(with(std::string(71, 'x'), std::string(71, 'x')).read());
    CHECK_FALSE(with("a@", "\"a@\"").read());
}

TEST_CASE("names and file names come unescaped, however they were escaped") {
    const auto name = [](const std::string& written) {
        return Form{.body = part("name=\"" + written + "\"", "x") + end}.read().value().parts[0].name;
    };
    CHECK(name("a%22b") == "a\"b");
    CHECK(name("a\\\"b") == "a\"b");
    CHECK(name("C:\\dir\\\\file") == "C:\\dir\\file");
    CHECK(name("a%0D%0Ab") == "a\r\nb");
    CHECK(name("100%25") == "100%25");
    CHECK(name("") == "");
    CHECK(name("a; filename=x") == "a; filename=x");
}

TEST_CASE("bytes that look almost like a boundary are bytes") {
    const std::string bytes = "--xYz\r\n-xYz\r\n--xY\r\n\r\n--\r\n";
    CHECK(Form{.body = part("name=a; filename=b", bytes) + end}.read().value().parts[0].bytes == bytes);
}

TEST_CASE("what could be read in two ways is refused") {
    const std::string good = part("name=a", "b");
    CHECK(Form{.type = "application/json", .body = good + end}.why().contains("Content-Type"));
    CHECK(Form{.type = "multipart/form-data", .body = good + end}.why().contains("no boundary"));
    CHECK(Form{.type = "multipart/form-data; boundary=x; boundary=y", .body = good + end}.why().contains(
        "Content-Type"));
    CHECK(Form{.body = "before\r\n" + good + end}.why().contains("begin"));
    CHECK(Form{.body = ""}.why().contains("begin"));
    CHECK(Form{.body = good}.why().contains("missing"));
    CHECK(Form{.body = good + "--xYz"}.why().contains("malformed"));
    CHECK(Form{.body = good + "--xYz-"}.why().contains("malformed"));
    CHECK(Form{.body = good + end + "behind"}.why().contains("malformed"));
    CHECK(Form{.body = good + "--xYzzy\r\n" + end}.why().contains("malformed"));
    CHECK(Form{.body = "--xYz\r\n" + good + end}.why().contains("malformed"));
    CHECK(Form{.body = "--xYz\r\n\r\nb\r\n" + end}.why().contains("Content-Disposition"));
    CHECK(Form{.body = "--xYz\r\nContent-Disposition: form-data; name=a"}.why().contains("no end"));
    CHECK(Form{.body = part("filename=a", "b") + end}.why().contains("no name"));
    CHECK(Form{.body = part("name=a; name=b", "c") + end}.why().contains("Content-Disposition"));
    CHECK(Form{.body = part("name=\"a", "b") + end}.why().contains("Content-Disposition"));
    CHECK(Form{.body = part("name", "b") + end}.why().contains("Content-Disposition"));
    CHECK(Form{.body = part("name=a b", "b") + end}.why().contains("Content-Disposition"));
    CHECK(
        Form{.body = part("name=a", "b", "Content-Disposition: form-data; name=c\r\n") + end}.why().contains(
            "malformed"));
    CHECK(Form{.body = part("name=a", "b", "folded: a\r\n b\r\n") + end}.why().contains("malformed"));
    CHECK(Form{.body = part("name=a", "YQ==", "Content-Transfer-Encoding: base64\r\n") + end}.why().contains(
        "encoded"));
    CHECK(Form{.body = part("name=\"\xff\"", "b") + end}.why().contains("UTF-8"));
    CHECK(Form{.body = part("name=a", "\xff") + end}.why().contains("UTF-8"));
}

TEST_CASE("every bound has an error of its own") {
    const MultipartLimits small{
        .parts_max = 2, .head_bytes_max = 100, .text_bytes_max = 4, .file_bytes_max = 8};
    const std::string text = part("name=a", "1234");
    CHECK(Form{.body = text + text + end, .limits = small}.read());
    CHECK(Form{.body = text + text + text + end, .limits = small}.why().contains("too many parts"));
    const Form long_text{.body = part("name=a", "12345") + end, .limits = small};
    CHECK(long_text.read().error().reason == "too_large");
    CHECK(long_text.why().contains("4 bytes"));
    CHECK(Form{.body = part("name=a; filename=b", "12345678") + end, .limits = small}.read());
    CHECK(Form{.body = part("name=a; filename=b", "123456789") + end, .limits = small}.why().contains(
        "8 bytes"));
    CHECK(Form{.body = part("name=a", "b", "X: " + std::string(100, 'x') + "\r\n") + end, .limits = small}
              .read()
              .error()
              .reason == "too_large");
}

TEST_CASE("a form that is cut anywhere, or has any byte changed, is read or refused and nothing worse") {
    std::mt19937 random{test_seed()};
    const std::string whole = part("name=\"a\"", "b") +
                              part("name=\"c\"; filename=\"d\"", "\r\n--xY", "Content-Type: x/y\r\n") + end;
    for (std::size_t size = 0; size < whole.size() - 2; ++size)
        CHECK_FALSE(Form{.body = whole.substr(0, size)}.read());
    for (int round = 0; round < 5000; ++round) {
        Form form{.body = whole};
        for (int i = 0; i < 3; ++i)
            form.body[random() % whole.size()] = static_cast<char>(random() % 256);
        const auto read = form.read();
        if (read) CHECK(read->parts.size() <= 3);
    }
}
