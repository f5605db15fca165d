#include "app/parts/accounts_options.h"
#include "app/parts/part.h"
#include "modules/accounts/accounts_schema.h"

namespace jebi::app {

namespace {

accounts::ServiceOptions observed_options(const place::Settings& settings, watch::Log& log) {
    accounts::ServiceOptions options = accounts_options(settings);
    options.observer = [&log](std::string_view event, std::string_view user, std::string_view address) {
        log.info("accounts", event, {{"user", user}, {"address", address}});
    };
    return options;
}

class AccountsPart final : public Part {
public:
    AccountsPart(const Ground& ground, std::uint64_t highest_id)
        : ids_(ground.process.clock(), ground.node(), highest_id),
          service_(ground.room(), ids_, ground.process.clock(),
                   observed_options(ground.settings, ground.process.log())) {
        ground.neighbours.keep<accounts::Accounts>(service_);
    }

    rpc::Methods methods() override { return accounts::methods(service_); }
    void end_waits() override { service_.end_waits(); }

private:
    IdGenerator ids_;
    accounts::Service service_;
};

Result<std::unique_ptr<Part>> make(const Ground& ground) {
    TRY_VOID(ground.room().migrate(accounts::schema_files()));
    TRY(const auto highest, accounts::Store{ground.room()}.highest_id(Call{.until = in(start_max)}));
    return std::make_unique<AccountsPart>(ground, highest);
}

}  // namespace

const Module& accounts_module() {
    static const Module module{.name = "accounts", .service = accounts::Accounts::service_name, .make = make};
    return module;
}

}  // namespace jebi::app
