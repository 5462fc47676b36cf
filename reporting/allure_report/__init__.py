"""allure-results rendered by Allure 3 as one page; needs Node, which nothing else does."""
