#include "app/parts/accounts_options.h"

namespace jebi::app {

accounts::ServiceOptions accounts_options(const place::Settings& settings) {
    accounts::ServiceOptions options;
    options.password_cost.memory_bytes =
        static_cast<std::size_t>(settings.integer("accounts.password_memory_kib")) * 1024;
    options.password_cost.passes = static_cast<std::uint64_t>(settings.integer("accounts.password_passes"));
    options.password_threads = static_cast<unsigned>(settings.integer("accounts.password_threads"));
    options.sessions.idle = std::chrono::days{settings.integer("accounts.session_idle_days")};
    options.sessions.absolute = std::chrono::days{settings.integer("accounts.session_days")};
    return options;
}

}  // namespace jebi::app
