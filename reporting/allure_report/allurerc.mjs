// How `make allure` renders allure-results; where from and where to is told by the command.
import { readFileSync } from "node:fs";

export default {
  name: "Customer contract",
  historyPath: process.env.ALLURE_HISTORY,
  historyLimit: 30,
  // Allure 3 takes them from here alone, Allure 2 from beside the results.
  categories: JSON.parse(readFileSync(process.env.ALLURE_CATEGORIES, "utf8")),
  plugins: {
    awesome: {
      options: {
        reportName: "Customer contract",
        singleFile: true,
        groupBy: ["epic", "feature", "story"],
      },
    },
  },
};
