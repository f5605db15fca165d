#include "app/parts/part.h"
#include "modules/notifications/notifications_schema.h"
#include "modules/notifications/service.h"
#include "modules/notifications/teller.h"

namespace jebi::app {

namespace {

constexpr Millis tell_pause{100};

class NotificationsPart final : public Part {
public:
    NotificationsPart(const Ground& ground, std::uint64_t highest_id)
        : process_(ground.process),
          store_(ground.room()),
          ids_(process_.clock(), ground.node(), highest_id),
          teller_({ground.contract<accounts::Accounts>(), ground.contract<follows::Follows>(),
                   ground.contract<tweets::Tweets>()},
                  store_, ids_, told_),
          service_(store_, told_, process_.clock()) {
        ground.neighbours.keep<notifications::Notifications>(service_);
    }

    rpc::Methods methods() override { return notifications::methods(service_); }

    Result<void> start() override {
        derive(process_, "notifications", tell_pause, teller_);
        sweep(process_, "sweep notifications", service_);
        return {};
    }

    void end_waits() override { told_.end_waits(); }

private:
    place::Process& process_;
    notifications::Store store_;
    IdGenerator ids_;
    rpc::EventSource told_;
    notifications::Teller teller_;
    notifications::Service service_;
};

Result<std::unique_ptr<Part>> make(const Ground& ground) {
    TRY_VOID(ground.room().migrate(notifications::schema_files()));
    TRY(const auto highest, notifications::Store{ground.room()}.highest_id(Call{.until = in(start_max)}));
    return std::make_unique<NotificationsPart>(ground, highest);
}

}  // namespace

const Module& notifications_module() {
    static const Module module{
        .name = "notifications", .service = notifications::Notifications::service_name, .make = make};
    return module;
}

}  // namespace jebi::app
