#include "core/feed.hpp"
