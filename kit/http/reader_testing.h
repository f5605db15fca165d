// How tests and the fuzzer give bytes to a RequestReader.
#pragma once

#include <algorithm>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "kit/http/request_reader.h"

namespace jebi::http {

inline void feed(RequestReader& reader, std::string_view bytes) {
    while (!bytes.empty() && reader.stage() != Stage::refused) {
        const auto space = reader.space();
        if (space.empty()) return;
        const std::size_t size = std::min(space.size(), bytes.size());
        std::memcpy(space.data(), bytes.data(), size);
        reader.arrived(size);
        bytes.remove_prefix(size);
    }
}

// The requests in some bytes that arrive cut at `cuts` (rising): "GET /path?query [body]", and in the end
// "refused 400" when it comes to that. Each is taken as soon as it is whole.
inline std::vector<std::string> requests_in(const Limits& limits, std::string_view bytes,
                                            const std::vector<std::size_t>& cuts) {
    std::vector<std::string> found;
    RequestReader reader{limits};
    const auto take = [&] {
        for (; reader.stage() == Stage::whole; reader.next()) {
            const Request& request = reader.request();
            found.push_back(std::string(name(request.method)) + " " + std::string(request.path) + "?" +
                            std::string(request.query) + " [" + std::string(request.body) + "]");
        }
    };
    std::size_t begin = 0;
    for (std::size_t i = 0; i <= cuts.size(); ++i) {
        const std::size_t end = i < cuts.size() ? cuts[i] : bytes.size();
        for (; begin < end && reader.stage() != Stage::refused; take()) {
            const std::size_t size = std::min(reader.space().size(), end - begin);
            feed(reader, bytes.substr(begin, size));
            begin += size;
        }
    }
    if (reader.stage() == Stage::refused)
        found.push_back("refused " + std::to_string(reader.refusal().status));
    return found;
}

}  // namespace jebi::http
