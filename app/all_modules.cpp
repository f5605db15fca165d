#include "app/parts/part.h"

namespace jebi::app {

std::vector<const Module*> all_modules() {
    return {&accounts_module(), &follows_module(),       &tweets_module(),   &timelines_module(),
            &search_module(),   &notifications_module(), &messages_module(), &web_module()};
}

}  // namespace jebi::app
