// How `make allure` renders reports/allure-results; where from and where to is told by the command.
export default {
  name: "Customer contract",
  historyPath: process.env.ALLURE_HISTORY,
  historyLimit: 30,
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
