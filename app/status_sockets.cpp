#include "app/status_sockets.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <thread>

#include "app/json_fields.h"
#include "kit/http/client.h"

namespace jebi::app {

namespace {

constexpr std::array<std::string_view, 2> endings{".control", ".control.sock"};
constexpr std::string_view supervisor_socket = "/supervisor.sock";
constexpr Millis answer_max{2'000};

Rates rates_of(const json::Value& value) {
    return {.per_second = number_of(value, "per_second").value_or(0),
            .errors_per_second = number_of(value, "errors_per_second").value_or(0),
            .p50_ms = number_of(value, "p50_ms").value_or(0),
            .p99_ms = number_of(value, "p99_ms").value_or(0)};
}

// "tweets" for ".../run/tweets.2.control".
std::string name_of(const std::filesystem::path& socket) {
    const std::string file = socket.filename();
    return file.substr(0, file.find('.'));
}

bool is_control(const std::filesystem::path& socket) {
    const std::string file = socket.filename();
    return std::ranges::any_of(endings, [&](std::string_view ending) { return file.ends_with(ending); });
}

std::vector<std::filesystem::path> sockets_in(const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> sockets;
    std::error_code ignored;
    for (auto it = std::filesystem::directory_iterator(folder, ignored);
         it != std::filesystem::directory_iterator() && sockets.size() < processes_max;
         it.increment(ignored)) {
        if (is_control(it->path())) sockets.push_back(it->path());
    }
    std::ranges::sort(sockets);
    return sockets;
}

ProcessStatus unwell(const std::filesystem::path& socket, std::string health, std::string why) {
    ProcessStatus status{.name = name_of(socket), .health = std::move(health)};
    status.unwell.emplace_back("control socket", std::move(why));
    return status;
}

Result<http::ClientResponse> status_at(const std::filesystem::path& socket) {
    http::Client client({.address = {.path = std::filesystem::absolute(socket)}});
    return client.send({.target = "/status"}, in(answer_max));
}

// Nothing: nobody listens there.
std::optional<ProcessStatus> asked(const std::filesystem::path& socket) {
    const fiber::Address at{.path = std::filesystem::absolute(socket)};
    if (!fiber::Socket::connect(at, in(answer_max))) return std::nullopt;
    const auto answer = status_at(socket);
    if (!answer) return unwell(socket, "mute", answer.error().message);
    if (answer->status == 503) return unwell(socket, "starting", answer->body);
    if (answer->status != 200)
        return unwell(socket, "mute", "It answers " + std::to_string(answer->status) + ".");
    auto status = status_from(answer->body);
    if (status) status->control = socket;
    return status ? std::move(*status) : unwell(socket, "mute", status.error().message);
}

ProcessStatus child_from(const json::Value& said) {
    ProcessStatus child{
        .name = text_of(said, "name"),
        .version = text_of(said, "version"),
        .pid = static_cast<std::int64_t>(std::clamp(number_of(said, "pid").value_or(0), 0.0, 1e9)),
        .health = text_of(said, "state"),
        .memory_bytes = number_of(said, "memory_bytes").value_or(0)};
    child.restarts =
        static_cast<std::uint64_t>(std::clamp(number_of(said, "restarts").value_or(0), 0.0, 1e9));
    child.last_end = text_of(said, "last_end");
    return child;
}

// What the supervisor says of its children; nothing when there is none.
std::vector<ProcessStatus> children_on(const std::string& folder) {
    std::vector<ProcessStatus> children;
    const auto answer = status_at(folder + std::string(supervisor_socket));
    const auto said = answer ? json::parse(answer->body) : fail(answer.error());
    if (!said) return children;
    for_each_in(*said, "children", [&](const json::Value& child) {
        if (children.size() < processes_max) children.push_back(child_from(child));
    });
    return children;
}

// One that did not answer has told no pid, but its socket has its name.
bool is_same(const ProcessStatus& process, const ProcessStatus& child) {
    return process.json.empty() ? process.name == child.name : process.pid == child.pid;
}

// The supervisor knows how often they were restarted, and those that do not run.
void add_children(std::vector<ProcessStatus>& all, std::vector<ProcessStatus> children) {
    for (ProcessStatus& child : children) {
        const auto same =
            std::ranges::find_if(all, [&](const ProcessStatus& process) { return is_same(process, child); });
        if (same == all.end()) {
            all.push_back(std::move(child));
            continue;
        }
        same->restarts = child.restarts;
        same->last_end = child.last_end;
        if (same->pid == 0) same->pid = child.pid;
    }
}

}  // namespace

Result<ProcessStatus> status_from(std::string answered) {
    const auto said = json::parse(answered);
    if (!said || text_of(*said, "name").empty())
        return fail(Code::internal, "What it answers is no status of a process.");
    ProcessStatus status{
        .name = text_of(*said, "name"),
        .version = text_of(*said, "version"),
        .pid = static_cast<std::int64_t>(std::clamp(number_of(*said, "pid").value_or(0), 0.0, 1e9)),
        .uptime_s = number_of(*said, "uptime_s").value_or(0),
        .health = text_of(*said, "health"),
        .memory_bytes = number_of(*said, "memory_bytes").value_or(0),
        .database_bytes = number_of(*said, "database_bytes"),
        .loop_lag_ms_max = number_of(*said, "loop_lag_ms_max").value_or(0)};
    if (const json::Value* work = said->find("work")) status.work = rates_of(*work);
    for_each_in(*said, "unwell", [&](const json::Value& item) {
        status.unwell.emplace_back(text_of(item, "name"), text_of(item, "why"));
    });
    for_each_in(*said, "modules", [&](const json::Value& item) {
        status.modules.push_back({text_of(item, "name"), rates_of(item)});
    });
    for_each_in(*said, "neighbours", [&](const json::Value& item) {
        status.neighbours.push_back({.caller = text_of(item, "caller"),
                                     .name = text_of(item, "name"),
                                     .is_here = flag_of(item, "here"),
                                     .rates = rates_of(item),
                                     .breaker = text_of(item, "breaker"),
                                     .reason = text_of(item, "reason")});
    });
    status.json = std::move(answered);
    return status;
}

Result<std::vector<ProcessStatus>> processes_on(const std::string& data_folder) {
    const std::string folder = data_folder + "/run";
    auto children = children_on(folder);
    const auto sockets = sockets_in(folder);
    std::vector<std::optional<ProcessStatus>> answers(sockets.size());
    {
        // A mute one must not keep the others waiting.
        std::vector<std::jthread> asking;
        asking.reserve(sockets.size());
        for (std::size_t i = 0; i < sockets.size(); ++i)
            asking.emplace_back([&, i] { answers[i] = asked(sockets[i]); });
    }
    std::vector<ProcessStatus> all;
    for (auto& answer : answers) {
        if (answer) all.push_back(std::move(*answer));
    }
    add_children(all, std::move(children));
    std::ranges::stable_sort(all, {}, &ProcessStatus::name);
    if (!all.empty()) return all;
    return fail(error(Code::not_found, "Nothing runs here: nobody answers at a control socket in " + folder +
                                           ". `jebi up` starts it; --data DIR names another folder.")
                    .because("nothing_runs"));
}

}  // namespace jebi::app
