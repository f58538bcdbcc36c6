# Makes cluster.csv, responses of y satisfied of m answered criteria in several sets, and cluster-r.csv, what R's survey
# package says of each: the ratio and its variance between clusters, one response being one cluster, with the two imagined
# respondents of the interval (docs/statistics.md) among the rows, and without R's factor n/(n-1).
#
#   Rscript cluster.R       (Debian: r-cran-survey)

library(survey)
set.seed(165)

rows <- data.frame()
add <- function(name, k, y, m) rows <<- rbind(rows, data.frame(set = name, k = k, y = y, m = m))

add("worked", 19, rep(c(19, 15, 2), c(40, 8, 12)), rep(c(19, 19, 4), c(40, 8, 12)))
add("one", 19, 3, 5)
add("all satisfied", 19, rep(19, 50), rep(19, 50))
add("none satisfied", 5, rep(0, 31), rep(5, 31))
add("two criteria", 2, rbinom(80, 2, 0.9), rep(2, 80))
for (n in c(30, 100, 1000)) for (mood in c(0.8, 0.9, 0.98)) {
  m <- sample(1:19, n, replace = TRUE)
  y <- rbinom(n, m, rbeta(n, 4 * mood, 4 * (1 - mood)))
  add(sprintf("skipping, %d at %.2f", n, mood), 19, y, m)
}

out <- data.frame()
for (name in unique(rows$set)) {
  s <- rows[rows$set == name, ]
  k <- s$k[1]
  with <- data.frame(y = c(s$y, k, 0), m = c(s$m, k, k))
  r <- svyratio(~y, ~m, svydesign(ids = ~1, weights = ~1, data = with))
  n <- nrow(with)
  out <- rbind(out, data.frame(set = name, ratio = sprintf("%.17g", coef(r)[[1]]), variance = sprintf("%.17g", vcov(r)[1, 1] * (n - 1) / n)))
}
write.csv(rows, "cluster.csv", row.names = FALSE)
write.csv(out, "cluster-r.csv", row.names = FALSE)
cat(R.version.string, "survey", as.character(packageVersion("survey")), "\n")
