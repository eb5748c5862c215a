"""The screens: one module a page, only functions (opening a file alone shows nothing, streamlit.md finding 1)."""
