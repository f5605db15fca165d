#include "kit/http/assets.h"

#include <doctest/doctest.h>

#include <array>
#include <fstream>

#include "kit/http/http_testing.h"
#include "kit/http/router.h"

using namespace jebi;
using namespace jebi::http;

namespace {

constexpr std::array<Embedded, 2> files{{{.path = "css/jebi.css",
                                          .content = "plain",
                                          .gzip = "zipped",
                                          .brotli = "brotli",
                                          .hash = "1a2b3c4d5e6f7081"},
                                         {.path = "logo.png", .content = "png", .hash = "00000000000000ff"}}};

// Through a router, as it is used.
Response ask(const Assets& assets, std::string_view path, std::string_view name = {},
             std::string_view value = {}) {
    Router router;
    router.on(Method::get, "/assets/{hash}/{name}",
              [&](const Request& request) { return assets.serve(request); });
    Request request{.path = path};
    if (!name.empty()) request.fields.add(name, value);
    return router.answer(request);
}

std::string_view field(const Response& response, std::string_view name) {
    return response.fields.get(name).value_or("(none)");
}

}  // namespace

TEST_CASE("an asset's address carries its hash and leads to it") {
    const Assets assets{files, ""};
    CHECK(assets.address("logo.png") == "/assets/00000000000000ff/logo.png");
    CHECK(assets.address("css/jebi.css") == "/assets/1a2b3c4d5e6f7081/css%2Fjebi.css");
    const Response response = ask(assets, assets.address("css/jebi.css"));
    CHECK(response.status == 200);
    CHECK(response.body == "plain");
    CHECK(field(response, "Content-Type") == "text/css; charset=utf-8");
    CHECK(field(response, "Cache-Control") == "public, max-age=31536000, immutable");
    CHECK(field(response, "ETag") == "\"1a2b3c4d5e6f7081\"");
    CHECK(field(response, "Vary") == "Accept-Encoding");
    CHECK(field(ask(assets, assets.address("logo.png")), "Content-Type") == "image/png");
}

TEST_CASE("the compressed forms are sent as they were made, each with a tag of its own") {
    const Assets assets{files, ""};
    const auto at = assets.address("css/jebi.css");
    const Response brotli = ask(assets, at, "Accept-Encoding", "gzip, br");
    CHECK(brotli.body == "brotli");
    CHECK(field(brotli, "Content-Encoding") == "br");
    CHECK(field(brotli, "ETag") == "\"1a2b3c4d5e6f7081-br\"");
    const Response zipped = ask(assets, at, "Accept-Encoding", "gzip, br;q=0.1");
    CHECK(zipped.body == "zipped");
    CHECK(field(zipped, "ETag") == "\"1a2b3c4d5e6f7081-gzip\"");
    const Response plain = ask(assets, assets.address("logo.png"), "Accept-Encoding", "gzip, br");
    CHECK(plain.body == "png");
    CHECK(field(plain, "Content-Encoding") == "(none)");
}

TEST_CASE("who has the asset already is told so") {
    const Assets assets{files, ""};
    const auto at = assets.address("css/jebi.css");
    for (const char* tags :
         {"\"1a2b3c4d5e6f7081\"", "W/\"1a2b3c4d5e6f7081\"", "\"a\" , \"1a2b3c4d5e6f7081\"", "*"}) {
        CAPTURE(tags);
        const Response response = ask(assets, at, "If-None-Match", tags);
        CHECK(response.status == 304);
        CHECK(response.body.empty());
        CHECK(field(response, "ETag") == "\"1a2b3c4d5e6f7081\"");
        CHECK(field(response, "Cache-Control") == "public, max-age=31536000, immutable");
    }
    for (const char* tags : {"\"a\"", "\"1a2b3c4d5e6f7081-br\"", "1a2b3c4d5e6f7081", ",", " "})
        CHECK(ask(assets, at, "If-None-Match", tags).status == 200);
}

TEST_CASE("a wrong hash is answered but not to be kept") {
    const Response response = ask({files, ""}, "/assets/0/logo.png");
    CHECK(response.status == 200);
    CHECK(response.body == "png");
    CHECK(field(response, "Cache-Control") == "no-cache");
}

TEST_CASE("a name that was not embedded is 404, wherever it points to") {
    const Folder folder;
    std::ofstream{folder.path() + "/secret"} << "secret";
    for (const std::string& from : {std::string(), folder.path()}) {
        const Assets assets{files, from};
        for (const char* path : {"/assets/0/none.css", "/assets/0/secret", "/assets/0/..%2Fsecret",
                                 "/assets/0/%2Fetc%2Fpasswd", "/assets/0/css%2Fjebi.css%00"}) {
            CAPTURE(path);
            CHECK(ask(assets, path).status == 404);
        }
    }
}

TEST_CASE("with a folder the file is read from it each time, and not kept") {
    const Folder folder;
    const Assets assets{files, folder.path()};
    const auto at = assets.address("logo.png");
    CHECK(at == "/assets/dev/logo.png");
    CHECK(ask(assets, at).status == 404);
    for (const char* content : {"one", "two"}) {
        std::ofstream{folder.path() + "/logo.png"} << content;
        const Response response = ask(assets, at);
        CHECK(response.body == content);
        CHECK(field(response, "Content-Type") == "image/png");
        CHECK(field(response, "Cache-Control") == "no-store");
    }
}
