"""Who has a home: everyone who is signed in. The public front page is everyone's."""

from academy.base.access import anyone_signed_in, permit

SEE_HOME = permit("home:page:see", anyone_signed_in, "Everyone signed in has a home page of their own.")
