"""Forms of the account pages that allauth does not bring."""

from __future__ import annotations

from typing import Any

from django import forms

from webapp.accounts.models import User
from webapp.security import SCOPE_WORDS


class NameForm(forms.Form):
    """Asked beside e-mail and password when somebody signs up."""

    name = forms.CharField(
        max_length=80,
        required=False,
        help_text="As others see it. May be left out.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    field_order = ["name", "email", "password1"]

    def signup(self, request: Any, user: User) -> None:
        user.name = self.cleaned_data["name"]
        user.save(update_fields=["name"])


class Beside(forms.Form):
    """One of several forms on a page: its fields' ids begin with its own name, so that labels find their fields."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": f"{type(self).__name__.lower()}_%s", **kwargs})


class ProfileForm(Beside):
    name = forms.CharField(max_length=80, required=False, widget=forms.TextInput(attrs={"autocomplete": "name"}))


class TokenForm(Beside):
    name = forms.CharField(
        max_length=80, label="What it is for", widget=forms.TextInput(attrs={"placeholder": "my notebook"})
    )
    scopes = forms.MultipleChoiceField(
        choices=list(SCOPE_WORDS.items()),
        initial=list(SCOPE_WORDS),
        label="What it may do",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose what the token may do."},
    )


class PasswordedForm(Beside):
    """Wants the password again, from whoever has one: an open browser alone must not be enough."""

    password = forms.CharField(
        label="Your password", strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        if not user.has_usable_password():
            del self.fields["password"]

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        if not self.user.check_password(password):
            raise forms.ValidationError("That is not your password. Type it again.")
        return password


class AddressForm(PasswordedForm):
    email = forms.EmailField(
        label="E-mail address", max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    field_order = ["email", "password"]


class DeleteForm(PasswordedForm):
    """Wants the e-mail address typed, so that nobody deletes an account by a slip."""

    email = forms.CharField(label="Your e-mail address", widget=forms.TextInput(attrs={"autocomplete": "off"}))
    field_order = ["email", "password"]

    def clean_email(self) -> str:
        typed: str = self.cleaned_data["email"].strip()
        if typed.lower() != self.user.email.lower():
            raise forms.ValidationError(f"That is not this account's address. Type {self.user.email} to delete it.")
        return typed
