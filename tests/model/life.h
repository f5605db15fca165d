// Random people do random things to the real services, and to the model. Each act is looked at when it is
// done: the answer is what the model says, and whoever acted sees it at once.
#pragma once

#include <random>

#include "tests/model/model.h"
#include "tests/model/test_world.h"

namespace jebi::model {

class Life {
public:
    Life(World& world, std::uint64_t seed);

    void act();
    // One person reads their home: what was there a moment ago, and should be, still is.
    void look_at_home();
    // Everything is what the model says. Nobody acts, and nothing is left to follow.
    void look_at_everything();

    std::uint64_t below(std::uint64_t bound) {
        return std::uniform_int_distribution<std::uint64_t>{0, bound - 1}(random_);
    }

private:
    static constexpr std::size_t people_count = 7;

    Id sign_up();
    Id somebody() { return people_[below(people_.size())]; }
    Id some_tweet();
    Id own_tweet(Id who);
    std::string text(std::set<Id>& mentioned, bool& tagged);

    void follow(Id who, Id whom);
    void unfollow(Id who, Id whom);
    void block(Id who, Id whom);
    void unblock(Id who, Id whom);
    void mute(Id who, Id whom);
    void unmute(Id who, Id whom);
    void write(Id who);
    void reply(Id who);
    void edit(Id who);
    void remove(Id who);
    void favourite(Id who);
    void unfavourite(Id who);
    void repost(Id who);
    void unrepost(Id who);
    void send(Id who, Id whom);
    void read_messages(Id who, Id whom);
    void delete_conversation(Id who, Id whom);
    void leave(Id who);

    // What the service says to an act that the model refuses, or does not.
    template <typename Answer>
    bool is_done(const Answer& answer, Id who, Id tweet);
    void check_counts(Id tweet);
    void disturb(Id one, Id other);

    void look_at_relations(Id person);
    void look_at_homes(Id person);
    void look_at_lists(Id person);
    void look_at_notifications(Id person);
    void look_at_messages(Id person);
    void look_at_threads();
    void use_notifications(Id person, const Ids& ids);

    World& world_;
    Model model_;
    std::mt19937_64 random_;
    Ids people_;
    std::map<Id, std::string> names_;  // also of those who left
    std::map<Id, Ids> seen_;           // at home, the last time
    std::set<Pair> disturbed_;         // who became something else to each other since the last rest
};

}  // namespace jebi::model
