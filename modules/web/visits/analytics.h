// What log-analytics knows of visits: for the page /analytics.
//
// It is asked in SQL, and only about the lines of this service. It may be away at any time; then the page
// says so.
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "kit/base/ids.h"
#include "modules/web/visits/log_service.h"

namespace jebi::web {

// One visit as the log has it. Anybody who may write to the log may have written it: nothing here is to be
// trusted.
struct LoggedVisit {
    std::string when;  // ISO 8601
    std::string page;
    std::string address;
    std::int64_t status = 0;  // 0: not known
};

struct LoggedVisits {
    std::uint64_t total = 0;
    std::vector<LoggedVisit> visits;  // newest first
};

class Analytics {
public:
    // Without options there is no service, and everything is `unavailable`.
    explicit Analytics(const std::optional<LogServiceOptions>& options);
    bool is_on() const { return service_.has_value(); }

    // How many requests of everybody. Asked at most once in `kept`, whether there was an answer or not, so
    // that a service that is away or slow holds up one page in that time and not all.
    std::optional<std::uint64_t> visits(Deadline until);
    // One person's: a page of `page_size`, counted from 1, of at most `pages_max`. `unavailable` or
    // `deadline`.
    Result<LoggedVisits> visits_of(UserId user, std::uint32_t page, Deadline until);

    static constexpr std::uint32_t page_size = 10;
    static constexpr std::uint32_t pages_max = 100;
    static constexpr Millis kept{1'000};
    static constexpr Millis answer_max{500};  // the deadline that the page gives all of its questions

private:
    Result<std::string> answer(const std::string& sql, Deadline until);
    Result<std::uint64_t> number(const std::string& sql, Deadline until);

    std::optional<LogService> service_;
    std::mutex mutex_;  // of the next two
    std::optional<std::uint64_t> visits_;
    Deadline fresh_until_{};
};

}  // namespace jebi::web
