// Faults on the side that serves: before the handler, as bytes where HTTP itself is to be broken.
#include <algorithm>
#include <array>

#include "kit/chaos/faults.h"
#include "kit/rpc/errors.h"

namespace jebi::chaos {

namespace {

constexpr std::array<std::string_view, 4> left_alone{"/livez", "/readyz", "/healthz", "/metrics"};
constexpr std::size_t noise_bytes = 200;

// "jebi.tweets.v1.Tweets" of "/jebi.tweets.v1.Tweets/Write"; empty: no call of a contract.
std::string_view service_of(std::string_view path) {
    const std::string_view service = path.substr(1, path.find('/', 1) - 1);
    return service.contains('.') ? service : std::string_view{};
}

std::string noise(std::uint64_t seed) {
    guard::Dice dice{seed};
    std::string bytes(noise_bytes, '\0');
    std::ranges::generate(bytes, [&] { return static_cast<char>(dice.next()); });
    bytes.front() = '\x07';  // no protobuf begins so: there is no field 0
    return bytes;
}

// Of the right form, with a content that is none; or no HTTP at all.
http::Response garbage(std::uint64_t chance) {
    http::Response response;
    response.fields.add("Content-Type", "application/proto");
    response.body = noise(chance);
    if (chance % 2 == 0) response.raw = response.body;
    return response;
}

http::Response cut() {
    http::Response response = http::Response::text(503, "");
    response.raw = "";
    return response;
}

}  // namespace

std::function<std::optional<http::Response>(const http::Request&)> in_front(Faults& faults) {
    return [&faults](const http::Request& request) -> std::optional<http::Response> {
        if (std::ranges::find(left_alone, request.path) != left_alone.end()) return std::nullopt;
        const Hit hit = faults.meet(Side::serving, service_of(request.path));
        faults.wait(hit, request.until);
        if (!hit.kind) return std::nullopt;
        if (*hit.kind == Kind::cut) return cut();
        if (*hit.kind == Kind::garbage) return garbage(hit.chance);
        return rpc::answer_of(error(hit.code, "This fails on purpose.").because("chaos"));
    };
}

}  // namespace jebi::chaos
