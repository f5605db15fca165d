#include "app/parts/part.h"
#include "modules/messages/departures.h"
#include "modules/messages/messages_schema.h"
#include "modules/messages/service.h"

namespace jebi::app {

namespace {

class MessagesPart final : public Part {
public:
    MessagesPart(const Ground& ground, std::uint64_t highest_id)
        : process_(ground.process),
          store_(ground.room()),
          ids_(process_.clock(), ground.node(), highest_id),
          service_(store_, ground.contract<accounts::Accounts>(), ground.contract<follows::Follows>(), ids_,
                   process_.clock()),
          departures_(ground.contract<accounts::Accounts>(), store_) {
        ground.neighbours.keep<messages::Messages>(service_);
    }

    rpc::Methods methods() override { return messages::methods(service_); }

    Result<void> start() override {
        forget_who_left(process_, "messages of deleted accounts", departures_);
        sweep(process_, "sweep messages", service_);
        return {};
    }

    void end_waits() override { service_.end_waits(); }

private:
    place::Process& process_;
    messages::Store store_;
    IdGenerator ids_;
    messages::Service service_;
    messages::Departures departures_;
};

Result<std::unique_ptr<Part>> make(const Ground& ground) {
    TRY_VOID(ground.room().migrate(messages::schema_files()));
    TRY(const auto highest, messages::Store{ground.room()}.highest_id(Call{.until = in(start_max)}));
    return std::make_unique<MessagesPart>(ground, highest);
}

}  // namespace

const Module& messages_module() {
    static const Module module{.name = "messages", .service = messages::Messages::service_name, .make = make};
    return module;
}

}  // namespace jebi::app
