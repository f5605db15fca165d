#include "kit/place/inherited.h"

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <vector>

namespace jebi::place {

namespace {

constexpr std::size_t name_bytes_max = 64;

std::unexpected<Error> refuse(const std::string& why) {
    return fail(error(Code::invalid, "The sockets to inherit cannot be taken: " + why +
                                         ". Whoever starts this program sets LISTEN_FDS and LISTEN_FDNAMES, "
                                         "as systemd does.")
                    .because("bad_inheritance"));
}

std::optional<long> number_from(const std::string& text) {
    long number = 0;
    const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (status != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

bool is_name(const std::string& name) {
    const auto fits = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
    };
    return !name.empty() && name.size() <= name_bytes_max && std::ranges::all_of(name, fits);
}

std::vector<std::string> names_in(const std::string& list) {
    std::vector<std::string> names{""};
    for (const char c : list) {
        if (c == ':') {
            names.emplace_back();
        } else {
            names.back() += c;
        }
    }
    return names;
}

}  // namespace

Result<InheritedSockets> inherited_sockets(const std::map<std::string, std::string>& environment, int first) {
    const auto given = [&](const char* variable) {
        const auto found = environment.find(variable);
        return found == environment.end() ? std::string{} : found->second;
    };
    const std::string count_text = given("LISTEN_FDS");
    if (count_text.empty()) return InheritedSockets{};
    const std::string process = given("LISTEN_PID");
    if (!process.empty() && number_from(process) != ::getpid()) return InheritedSockets{};
    const auto count = number_from(count_text);
    if (!count || *count < 0 || *count > static_cast<long>(inherited_max))
        return refuse("LISTEN_FDS must be a number from 0 to " + std::to_string(inherited_max));
    if (*count == 0) return InheritedSockets{};
    const auto names = names_in(given("LISTEN_FDNAMES").substr(0, inherited_max * (name_bytes_max + 1)));
    if (names.size() != static_cast<std::size_t>(*count))
        return refuse("LISTEN_FDNAMES has " + std::to_string(names.size()) + " names for " + count_text +
                      " sockets");
    if (const auto bad = std::ranges::find_if_not(names, is_name); bad != names.end())
        return refuse("LISTEN_FDNAMES has a name that is none (1 to 64 of a-z, 0-9, -, _ and .)");
    InheritedSockets sockets;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (sockets.contains(names[i])) return refuse("two are named \"" + names[i] + "\"");
        TRY(auto socket, fiber::ListeningSocket::inherited(first + static_cast<int>(i)));
        sockets.emplace(names[i], std::move(socket));
    }
    return sockets;
}

std::optional<fiber::ListeningSocket> take(InheritedSockets& sockets, std::string_view name) {
    const auto found = sockets.find(name);
    if (found == sockets.end()) return std::nullopt;
    return std::move(sockets.extract(found).mapped());
}

}  // namespace jebi::place
