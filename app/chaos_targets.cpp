#include "app/chaos_targets.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <filesystem>

#include "app/host.h"
#include "app/json_fields.h"
#include "kit/base/nearest.h"
#include "kit/http/client.h"

namespace jebi::app {

namespace {

constexpr Millis answer_max{2'000};
constexpr std::string_view edge_sign = "->";

Result<http::ClientResponse> ask(const std::string& socket, http::Method method, std::string body = {}) {
    http::Client client({.address = {.path = std::filesystem::absolute(socket)}});
    return client.send({.method = method, .target = "/chaos", .body = std::move(body), .repeatable = true},
                       in(answer_max));
}

// "web -> tweets" and "web->tweets" are the same.
std::string trimmed(std::string_view text) {
    const auto begin = text.find_first_not_of(' ');
    if (begin == std::string_view::npos) return "";
    return std::string(text.substr(begin, text.find_last_not_of(' ') + 1 - begin));
}

bool is_allowed(const Result<http::ClientResponse>& answer) {
    return answer && answer->status == 200;
}

std::string in_seconds(Millis time) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.1f s", static_cast<double>(time.count()) / 1'000);
    return text.data();
}

std::unexpected<Error> refuse(Code code, std::string why, const char* reason) {
    return fail(error(code, std::move(why)).because(reason));
}

bool hosts(const ProcessStatus& process, std::string_view module) {
    return std::ranges::find(process.modules, module, &ModuleStatus::name) != process.modules.end();
}

bool answers(const ProcessStatus& process) {
    return process.health == "ready" || process.health == "degraded";
}

// Who answers does not stand still any more, whoever has woken it or started it anew.
bool answers_by_name(const std::vector<ProcessStatus>& all, std::string_view name) {
    return std::ranges::any_of(
        all, [&](const ProcessStatus& process) { return process.name == name && answers(process); });
}

std::string service_of(std::string_view module) {
    const auto all = all_modules();
    const auto found = std::ranges::find(all, module, &Module::name);
    return found == all.end() ? "" : std::string((*found)->service);
}

// A process of that name, else one that hosts the module, first of all one that answers.
const ProcessStatus* find(const std::vector<ProcessStatus>& all, std::string_view name) {
    const auto by_name = std::ranges::find(all, name, &ProcessStatus::name);
    if (by_name != all.end()) return &*by_name;
    const ProcessStatus* found = nullptr;
    for (const ProcessStatus& process : all) {
        if (hosts(process, name) && (found == nullptr || !answers(*found))) found = &process;
    }
    return found;
}

std::unexpected<Error> nobody(const std::vector<ProcessStatus>& all, const std::string& name) {
    std::vector<std::string> names;
    for (const ProcessStatus& process : all) {
        names.push_back(process.name);
        std::ranges::transform(process.modules, std::back_inserter(names), &ModuleStatus::name);
    }
    const auto near = nearest(name, names);
    return refuse(Code::not_found,
                  "Nothing named \"" + name + "\" runs here." +
                      (near ? " Did you mean \"" + *near + "\"?" : " `jebi status` lists what runs."),
                  "no_target");
}

// It runs, and has pages or an intake: no module's contract.
std::unexpected<Error> called_by_nobody(const std::string& name) {
    return refuse(
        Code::invalid,
        "No process calls \"" + name + "\" by a contract. Say \"" + name + "\" to break all that it answers.",
        "no_edge");
}

// "error (unavailable) for half of the calls": as /chaos tells of it.
std::string in_words(const json::Value& fault) {
    const auto number = [&](std::string_view name) { return number_of(fault, name).value_or(0); };
    const auto seconds = [&](std::string_view name) {
        return in_seconds(Millis{std::llround(number(name))});
    };
    std::string words = text_of(fault, "fault");
    if (words == "slow") words += " by " + seconds("ms");
    if (words == "error") words += " (" + text_of(fault, "code") + ")";
    if (number("share") < 1)
        words += ", " + std::to_string(std::lround(100 * number("share"))) + " % of calls";
    if (text_of(fault, "side") == "calling")
        words += ", calls to " + text_of(fault, "service");
    else if (const auto service = text_of(fault, "service"); !service.empty())
        words += ", only " + service;
    return words + ", for " + seconds("left_ms") + " more; hit " +
           std::to_string(std::lround(number("hits"))) + " of " +
           std::to_string(std::lround(number("calls"))) + " calls";
}

// None also where nobody may break it.
std::vector<std::string> faults_of(const ProcessStatus& process) {
    if (process.control.empty()) return {};
    const auto answer = ask(process.control, http::Method::get);
    const auto said = is_allowed(answer) ? json::parse(answer->body) : fail(Code::not_found, "");
    std::vector<std::string> faults;
    if (said) for_each_in(*said, "faults", [&](const json::Value& one) { faults.push_back(in_words(one)); });
    return faults;
}

}  // namespace

void bind_permission(http::Router& router) {
    router.on(http::Method::get, "/chaos",
              [](const http::Request&) { return http::Response::json(200, R"({"chaos":true})"); });
}

Result<void> RunningTargets::may_be_broken() const {
    if (is_allowed(ask(data_folder_ + "/run/supervisor.sock", http::Method::get))) return {};
    TRY(const auto all, processes_on(data_folder_));
    for (const ProcessStatus& process : all) {
        if (!process.control.empty() && is_allowed(ask(process.control, http::Method::get))) return {};
    }
    return refuse(Code::forbidden,
                  "What runs here is not to be broken: the setting chaos is off. Start it with --chaos, or"
                  " with chaos = true in its configuration.",
                  "chaos_is_off");
}

Result<RunningTargets::Meant> RunningTargets::meant(const std::string& target) const {
    TRY(const auto all, processes_on(data_folder_));
    const auto sign = target.find(edge_sign);
    const std::string who = trimmed(target.substr(0, sign));
    const ProcessStatus* process = find(all, who);
    if (process == nullptr) return nobody(all, who);
    if (sign == std::string::npos) {
        const bool is_one_of_several = process->name != who && process->modules.size() > 1;
        return Meant{.process = process->name, .service = is_one_of_several ? service_of(who) : ""};
    }
    const std::string called = trimmed(target.substr(sign + edge_sign.size()));
    const std::string service = service_of(called);
    if (service.empty() && find(all, called) == nullptr) return nobody(all, called);
    if (service.empty()) return called_by_nobody(called);
    return Meant{.process = process->name, .side = chaos::Side::calling, .service = service};
}

Result<std::vector<chaos::Targets::Seen>> RunningTargets::look() {
    TRY(const auto all, processes_on(data_folder_));
    const Deadline now = in(Millis{0});
    std::erase_if(acting_, [&](const auto& one) {
        return one.second.until <= now || (one.second.pause && answers_by_name(all, one.first));
    });
    std::vector<Seen> seen;
    for (const ProcessStatus& process : all) {
        const bool well = answers(process) && !acting_.contains(process.name) && is_back(process) &&
                          faults_of(process).empty();
        const auto same = std::ranges::find(seen, process.name, &Seen::name);
        if (same == seen.end()) {
            seen.push_back({process.name, well});
        } else {
            same->well = same->well || well;  // one that ends, and its successor
        }
    }
    return seen;
}

Result<void> RunningTargets::strike(const std::string& target, const chaos::Fault& fault) {
    TRY(const ProcessStatus process, process_of(target));
    const auto pid = static_cast<pid_t>(process.pid);
    const Deadline until = in(fault.lasts);
    if (fault.kind == chaos::Kind::kill) {
        TRY_VOID(chaos::kill_process(pid));
        killed_[target] = pid;
        return {};
    }
    if (fault.kind == chaos::Kind::pause) {
        TRY(auto pause, chaos::Pause::begin(pid, fault.lasts));
        acting_.emplace(target, Acting{.until = until, .control = "", .pause = std::move(pause)});
        return {};
    }
    TRY(const auto answer, ask(process.control, http::Method::post, json_of(fault)));
    if (answer.status == 200) {
        acting_.emplace(target, Acting{.until = until, .control = process.control});
        return {};
    }
    const auto said = json::parse(answer.body);
    return refuse(Code::forbidden,
                  "\"" + target + "\" does not do that: " +
                      (said ? text_of(*said, "message") : "the setting chaos is off there."),
                  "refused");
}

void RunningTargets::heal() {
    for (const auto& [name, one] : acting_) {
        if (!one.control.empty()) (void)ask(one.control, http::Method::del);
    }
    acting_.clear();
}

Result<std::size_t> RunningTargets::heal_all() const {
    TRY(const auto all, processes_on(data_folder_));
    std::size_t asked = 0;
    for (const ProcessStatus& process : all) {
        if (process.pid > 0) ::kill(static_cast<pid_t>(process.pid), SIGCONT);
        if (!process.control.empty() && is_allowed(ask(process.control, http::Method::del))) ++asked;
    }
    return asked;
}

Result<std::vector<std::pair<std::string, std::string>>> RunningTargets::faults() const {
    TRY(const auto all, processes_on(data_folder_));
    std::vector<std::pair<std::string, std::string>> acting;
    for (const ProcessStatus& process : all) {
        for (std::string& fault : faults_of(process))
            acting.emplace_back(process.name, std::move(fault));
    }
    return acting;
}

// For a moment the supervisor does not know yet that it has ended.
bool RunningTargets::is_back(const ProcessStatus& process) const {
    const auto killed = killed_.find(process.name);
    return killed == killed_.end() || killed->second != process.pid;
}

Result<ProcessStatus> RunningTargets::process_of(const std::string& name) const {
    TRY(auto all, processes_on(data_folder_));
    const ProcessStatus* found = nullptr;
    for (const ProcessStatus& process : all) {
        if (process.name == name && process.pid > 0 && (found == nullptr || answers(process)))
            found = &process;
    }
    if (found == nullptr) return nobody(all, name);
    return *found;
}

}  // namespace jebi::app
