"""Tests of the HTML report and of the Allure report in a browser."""
